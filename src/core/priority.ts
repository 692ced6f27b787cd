/**
 * Base priority + tracked weights → effective priority, or faults (keepalived: total clamped to
 * 1..254; an owner's 255 never moves; weight 0 means that being down is a fault; what a sync group
 * tracks weighs the same for each of its members).
 */
import type { Instance, SyncGroup, Track } from '../config/model';
import type { Verdict } from './health';
import { effectOf, LEAVING, type ServiceStanding } from './service-effect';

export const OWNER = 255;

/** What the instance can see of its surroundings. */
export interface Surroundings {
  readonly link: (name: string) => 'up' | 'down' | 'missing';
  readonly script: (name: string) => Verdict;
  readonly process: (name: string) => Verdict;
  /** an interface has this address; `link`: this one has it. */
  readonly address: (address: string, link: string | null) => boolean;
  /** the number in a tracked file; null: not read yet. */
  readonly file: (name: string) => number | null;
}

export interface Standing {
  readonly priority: number;
  /** each a reason to hold nothing, in words. */
  readonly faults: readonly string[];
  /** a fault-deciding check has no result yet: wait, take no part. */
  readonly undecided: boolean;
  /** what made the priority: '102 + 2 (script chk)'. */
  readonly arithmetic: string;
}

export function standing(
  instance: Instance,
  group: SyncGroup | null,
  around: Surroundings,
  services: readonly ServiceStanding[] = [],
): Standing {
  const owner = instance.priority === OWNER;
  // keepalived: the weights of a member count only with sync_group_tracking_weight.
  const weighty = group === null || group.trackingWeight;
  const faults = [...linkFaults(instance, around), ...sourceFaults(instance, around)];
  if (instance.lacksPeers) faults.push('it has no unicast peer');
  let undecided = false;
  let total = instance.priority;
  let arithmetic = `${instance.priority}`;

  const apply = (track: Track, what: string, verdict: Verdict, downWord: string): void => {
    if (track.weight === 0) {
      undecided ||= verdict === 'unknown';
      const bad = track.reverse ? verdict === 'up' : verdict === 'down';
      if (bad) faults.push(`${what} ${track.name} is ${track.reverse ? 'up' : downWord}`);
      return;
    }
    if (owner) return;
    const value = contribution(track, verdict);
    if (value === 0) return;
    total += value;
    arithmetic += ` ${value < 0 ? '-' : '+'} ${Math.abs(value)} (${what} ${track.name})`;
  };

  const counts = (track: Track): boolean => weighty || track.weight === 0;
  const links = instance.trackInterfaces.filter(counts);
  for (const track of [...links, ...(group?.trackInterfaces ?? [])]) {
    const link = around.link(track.name);
    apply(track, 'interface', link === 'up' ? 'up' : 'down', link);
  }
  const scripts = instance.trackScripts.filter(counts);
  for (const track of [...scripts, ...(group?.trackScripts ?? [])]) {
    apply(track, 'script', around.script(track.name), 'failing');
  }
  for (const track of [...instance.trackProcesses, ...(group?.trackProcesses ?? [])]) {
    apply(track, 'process', around.process(track.name), 'without quorum');
  }
  for (const track of [...instance.trackFiles.filter(counts), ...(group?.trackFiles ?? [])]) {
    const value = around.file(track.name);
    undecided ||= value === null;
    const { fault, contribution: added } = fileEffect(track, value ?? 0);
    if (fault !== null) faults.push(fault);
    if (owner || added === 0) continue;
    total += added;
    arithmetic += ` ${added < 0 ? '-' : '+'} ${Math.abs(added)} (file ${track.name})`;
  }
  const served = effectOf(services, owner);
  faults.push(...served.faults);
  undecided ||= served.undecided;
  total -= served.taken;
  arithmetic += served.arithmetic;
  if (served.leaves) return { priority: 1, faults, undecided, arithmetic: LEAVING };
  const priority = owner ? OWNER : Math.min(254, Math.max(1, total));
  return { priority, faults, undecided, arithmetic };
}

const fileSumMin = -254;
const fileSumMax = 253;

/** keepalived: the number times the weight; with weight 0 any number but 0 is a fault. */
function fileEffect(
  { name, weight, reverse }: Track,
  value: number,
): { readonly fault: string | null; readonly contribution: number } {
  const fault = `file ${name} says ${value}`;
  if (weight === 0) {
    return { fault: (value !== 0) === !reverse ? fault : null, contribution: 0 };
  }
  const sum = value * weight * (reverse ? -1 : 1);
  if (sum <= fileSumMin) return { fault, contribution: 0 };
  return { fault: null, contribution: Math.min(fileSumMax, sum) };
}

/** A positive weight counts while up, a negative one while down; `reverse` turns the sign. */
function contribution(track: Track, verdict: Verdict): number {
  if (verdict === 'unknown') return 0;
  const up = verdict === 'up';
  const value = track.weight > 0 === up ? track.weight : 0;
  return track.reverse ? -value : value;
}

function linkFaults(instance: Instance, around: Surroundings): string[] {
  if (instance.interface === null) return ['it has no interface'];
  const link = around.link(instance.interface);
  if (link === 'missing') return [`interface ${instance.interface} does not exist`];
  if (link === 'down' && instance.trackPrimary) return [`interface ${instance.interface} is down`];
  return [];
}

/** track_src_ip. One of its own virtual addresses comes and goes with it, and says nothing. */
function sourceFaults(instance: Instance, around: Surroundings): string[] {
  const { source, trackSource, addresses, excluded } = instance;
  if (!trackSource || source === null) return [];
  if ([...addresses, ...excluded].some(({ address }) => address === source)) return [];
  // A link-local address is one of its link; any other is the host's, wherever it stands.
  const link = /^fe[89ab]/i.test(source) ? instance.interface : null;
  return around.address(source, link) ? [] : [`source address ${source} is gone`];
}
