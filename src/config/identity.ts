/**
 * When are two instances the same virtual router? RFC 9568 §5.2.3: a VRID, on one interface, for
 * one family. The name is only what people call it. Priority, addresses, password, version and the
 * way adverts travel are terms, and terms may change while it stays what it is. The core goes by
 * this at a reload, and diff.ts says by the same what a reload would do.
 */
import type { Instance } from './model';

/** Also the key by which the data plane knows it: equal on every node, and after every rename. */
export const virtualRouter = (one: Instance): string =>
  `${one.interface ?? '*'}/${one.family}/${one.vrid}`;

/** To a group from a source, or to peers: what keepalived tells apart those of one VRID by. */
export const travels = (one: Instance): string =>
  one.peers.length === 0
    ? `group ${one.group}`
    : `peers ${[...one.peers.map(({ address }) => address)].sort().join(' ')}`;

type Likeness = (before: Instance, after: Instance) => boolean;

const sameName: Likeness = (before, after) => before.name === after.name;
const sameWay: Likeness = (before, after) => travels(before) === travels(after);

/** Of several with one VRID (unicast to other peers, another group), who is most like whom. */
const likenesses: readonly Likeness[] = [
  (before, after) => sameWay(before, after) && sameName(before, after),
  sameWay,
  sameName,
  () => true,
];

/** Who of the new ones goes on as whom of the old: new → old. Nobody twice. */
export function successions(
  before: readonly Instance[],
  after: readonly Instance[],
): ReadonlyMap<Instance, Instance> {
  const left = new Map<string, Instance[]>();
  for (const one of before) {
    const router = virtualRouter(one);
    left.set(router, [...(left.get(router) ?? []), one]);
  }
  const found = new Map<Instance, Instance>();
  for (const like of likenesses) {
    for (const one of after) {
      if (found.has(one)) continue;
      const candidates = left.get(virtualRouter(one)) ?? [];
      const at = candidates.findIndex((old) => like(old, one));
      const [old] = at === -1 ? [] : candidates.splice(at, 1);
      if (old !== undefined) found.set(one, old);
    }
  }
  return found;
}
