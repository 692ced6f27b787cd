/**
 * Links that may flap (interface_up_down_delays): what is told of one that went down or came up is
 * held back until it has been so for its delay; one that goes back has never changed. What is known
 * of an interface for the first time is believed at once, and so is that it is gone.
 */
import type { LinkDelay } from '../config/model-tracking';
import { after, type Duration, type Instant, microseconds } from '../time';
import type { InterfaceChanged } from './event';

/** What is told of a link and not believed yet. */
export interface Held {
  readonly facts: InterfaceChanged;
  /** since when it is up, or down. */
  readonly since: Instant;
}

export type HeldLinks = ReadonlyMap<string, Held>;

/** What is held back from now on, and what is to be believed at once, if anything. */
export function hearLink(
  held: HeldLinks,
  known: InterfaceChanged | undefined,
  facts: InterfaceChanged,
  delays: readonly LinkDelay[],
): readonly [HeldLinks, InterfaceChanged | null] {
  const name = facts.interface;
  const turned = known !== undefined && known.index === facts.index && known.up !== facts.up;
  if (!turned || delayOf(facts, delays) === 0) return [without(held, name), facts];
  const since = held.get(name)?.since ?? facts.at;
  return [new Map(held).set(name, { facts, since }), null];
}

/** Who has been so for long enough, or has no delay any more. */
export const linksDue = (
  held: HeldLinks,
  delays: readonly LinkDelay[],
  at: Instant,
): readonly InterfaceChanged[] =>
  [...held.values()].filter((one) => dueAt(one, delays) <= at).map(({ facts }) => facts);

export function linksDeadline(
  held: HeldLinks,
  delays: readonly LinkDelay[],
): { readonly at: Instant; readonly why: string } | null {
  let first: { readonly at: Instant; readonly why: string } | null = null;
  for (const one of held.values()) {
    const at = dueAt(one, delays);
    if (first !== null && first.at <= at) continue;
    const { interface: name, up } = one.facts;
    first = { at, why: `${name} is believed to be ${up ? 'up' : 'down'}` };
  }
  return first;
}

export function without(held: HeldLinks, name: string): HeldLinks {
  if (!held.has(name)) return held;
  const rest = new Map(held);
  rest.delete(name);
  return rest;
}

const dueAt = ({ facts, since }: Held, delays: readonly LinkDelay[]): Instant =>
  after(since, delayOf(facts, delays));

function delayOf(
  { interface: name, up }: InterfaceChanged,
  delays: readonly LinkDelay[],
): Duration {
  const delay = delays.find((one) => one.interface === name);
  return (up ? delay?.up : delay?.down) ?? microseconds(0);
}
