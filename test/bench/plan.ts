/**
 * What a pair is to do: so many instances of so many addresses at such an interval, written in the
 * language that both daemons read. The master has priority 150, the standby 100.
 */
import { vrrpInstance } from '../lab/keepalived';

export type Plan = {
  readonly instances: number;
  readonly addressesEach: number;
  /** Milliseconds. */
  readonly interval: number;
};

/** Scripts that every instance tracks. */
export type Checks = { readonly count: number; readonly command: string };

export type Role = 'master' | 'standby';

const PRIORITIES: Readonly<Record<Role, number>> = { master: 150, standby: 100 };

/** All virtual addresses are in here, so that what a killed daemon left can be removed. */
export const VIRTUAL_NETWORK = '10.0.0.0/8';
export const isVirtual = (address: string): boolean => address.startsWith('10.');

export const virtualRouters = (plan: Plan): readonly number[] =>
  Array.from({ length: plan.instances }, (_, i) => i + 1);

/** The n-th address of virtual router v is 10.v.0.n. */
export const addressesOf = (plan: Plan, vrid: number): readonly string[] =>
  Array.from({ length: plan.addressesEach }, (_, i) => `10.${vrid}.0.${i + 1}`);

export const allAddresses = (plan: Plan): ReadonlyMap<number, readonly string[]> =>
  new Map(virtualRouters(plan).map((vrid) => [vrid, addressesOf(plan, vrid)]));

export function configText(
  plan: Plan,
  role: Role,
  globals: readonly string[] = [],
  checks: Checks = { count: 0, command: '' },
): string {
  const names = Array.from({ length: checks.count }, (_, i) => `s${i + 1}`);
  const scripts = names.map(
    (name) => `vrrp_script ${name} {\n  script "${checks.command}"\n  interval 1\n  weight -1\n}`,
  );
  const head = globals.length === 0 ? [] : ['global_defs {', ...globals, '}', ''];
  const blocks = virtualRouters(plan).map((vrid) =>
    vrrpInstance({
      name: `VI_${vrid}`,
      version: 3,
      vrid,
      priority: PRIORITIES[role],
      interval: plan.interval / 1000,
      addresses: addressesOf(plan, vrid).map((address) => `${address}/32`),
      more: names.length === 0 ? [] : ['track_script {', ...names, '}'],
    }),
  );
  return [...head, ...scripts, ...blocks].join('\n');
}

/**
 * RFC 9568 §6.1: how long a standby waits after the last advert, Active_Down_Interval. No daemon
 * can be faster without breaking the protocol.
 */
export const floorOf = (plan: Plan): number =>
  plan.interval * (3 + (256 - PRIORITIES.standby) / 256);
