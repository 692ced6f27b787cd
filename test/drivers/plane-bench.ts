/**
 * What the plane's tests stand on: a link of two ends in the network namespace at hand, a plane
 * that keeps all its events, and orders as the core would give them. Runs inside `unshare -n`.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Instance } from '../../src/config/model';
import type { Advertise, Open, PlaneCommand } from '../../src/core/command';
import type { Member } from '../../src/core/election';
import type { PlaneEvent } from '../../src/core/event';
import { advertTerms, openOrder } from '../../src/core/orders';
import { openPlane, type Plane, planeNow } from '../../src/drivers/plane';
import { after, seconds } from '../../src/time';
import { globalWith, instance } from '../core/fixture';
import { until } from '../lab/until';

/** By name; what it asserts is the test. */
export type Scenes = Readonly<Record<string, () => void | Promise<void>>>;

export const LINK = 'hf0';
export const VIP = '192.0.2.100';

export const ip = (...words: string[]): string =>
  execFileSync('ip', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A cable with both ends here: up, running, with an address to send from. */
export function layCable(name = LINK, address = '192.0.2.1/24'): void {
  ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`);
  ip('addr', 'add', address, 'dev', name);
  ip('link', 'set', `${name}p`, 'up');
  ip('link', 'set', name, 'up');
}

export type Held = { readonly local: string; readonly valid_life_time: number };

/** The addresses of a link as `ip` shows them. */
export function addressesOf(name = LINK): readonly Held[] {
  const shown = JSON.parse(ip('-j', 'addr', 'show', 'dev', name)) as { addr_info: Held[] }[];
  return shown.flatMap((link) => link.addr_info);
}

export const holds = (address = VIP, name = LINK): boolean =>
  addressesOf(name).some(({ local }) => local === address);

export interface Bench {
  readonly plane: Plane;
  readonly events: PlaneEvent[];
  /** The first event of a kind, awaited. */
  readonly event: <K extends PlaneEvent['kind']>(
    kind: K,
    fits?: (event: EventOf<K>) => boolean,
  ) => Promise<EventOf<K>>;
}

type EventOf<K extends PlaneEvent['kind']> = Extract<PlaneEvent, { readonly kind: K }>;

export function startBench(onEvents: (events: readonly PlaneEvent[]) => void = () => {}): Bench {
  const events: PlaneEvent[] = [];
  const plane = openPlane({ realtime: false }, (batch) => {
    events.push(...batch);
    onEvents(batch);
  });
  const event: Bench['event'] = (kind, fits) =>
    until(
      () =>
        events
          .filter((one): one is EventOf<typeof kind> => one.kind === kind)
          .find((one) => fits === undefined || fits(one)),
      {
        what: `the plane to report ${kind}`,
        detail: () => JSON.stringify(events.slice(-20)),
        every: 2,
      },
    );
  return { plane, events, event };
}

const memberOf = (change: Partial<Instance>): Member => ({
  key: change.name ?? 'VI',
  instance: instance('VI', { interface: LINK, ...change }),
  turn: 0,
  priority: 100,
  arithmetic: '100',
  source: '192.0.2.1',
  heard: null,
});

export const opening = (change: Partial<Instance> = {}, source = '192.0.2.1'): Open =>
  openOrder(memberOf(change), source, globalWith({ vipLease: seconds(10) }));

export const advertising = (change: Partial<Instance> = {}): Advertise => ({
  kind: 'advertise',
  turn: 0,
  ...advertTerms(memberOf(change), [], globalWith({})),
});

/** So many reports at once: the plane counts equal failures, so each names another interface. */
export const failures = (count: number): PlaneCommand[] =>
  Array.from({ length: count }, (_, i) => opening({ name: 'VI', interface: `none${i}` }));

/** Opens one instance as master and waits until its VIP is there. */
export async function becomeMaster(bench: Bench, change: Partial<Instance> = {}): Promise<void> {
  await bench.event('surveyed');
  const until10 = after(planeNow(), seconds(10));
  bench.plane.submit([{ kind: 'lease', until: until10 }, opening(change), advertising(change)]);
  const name = change.interface ?? LINK;
  const { addresses } = change;
  const address = addresses?.[0]?.address ?? VIP;
  await until(() => holds(address, name), {
    what: `${name} to hold ${address}`,
    detail: () => JSON.stringify(bench.events.slice(-20)),
    every: 2,
  });
}

/** The names of this process's threads. */
export const threads = (): readonly string[] =>
  readdirSync('/proc/self/task').map((task) => {
    try {
      return readFileSync(`/proc/self/task/${task}/comm`, 'utf8').trim();
    } catch {
      // It ended between the listing and the look.
      return '';
    }
  });

/** What every open file descriptor is. */
export const descriptors = (): readonly string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`).replace(/\d+/g, 'n')];
    } catch {
      // The one with which the directory itself was read.
      return [];
    }
  });
