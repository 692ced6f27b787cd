/**
 * A sync group moves as a whole, at its own end alone. The other end must keep together the
 * same instances, and the same end must win in all of them.
 */
import { type Diagnostic, warning } from '../diagnostic';
import type { Span } from '../source';
import { type End, type Pair, winnersOf } from './ends';

type Side = 'own' | 'other';

export function syncGroups(pairs: readonly Pair[]): readonly Diagnostic[] {
  const here = groupsOf(pairs, 'own');
  const there = groupsOf(pairs, 'other');
  const said = new Set<Pair>();
  const found: Diagnostic[] = [];
  for (const members of here) {
    if (there.some((other) => isSame(members, other))) continue;
    for (const pair of members) said.add(pair);
    found.push(unlike(members, 'own'));
  }
  for (const members of there) {
    if (here.some((own) => isSame(members, own)) || members.some((one) => said.has(one))) continue;
    found.push(unlike(members, 'other'));
  }
  const whole = [...here, ...there.filter((other) => !here.some((own) => isSame(own, other)))];
  return [...found, ...whole.flatMap(split)];
}

/** The routers that one end keeps together: two at least. */
function groupsOf(pairs: readonly Pair[], side: Side): readonly (readonly Pair[])[] {
  const groups = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const name = pair[side].group?.name;
    if (name === undefined) continue;
    groups.set(name, [...(groups.get(name) ?? []), pair]);
  }
  return [...groups.values()].filter((members) => members.length > 1);
}

const isSame = (a: readonly Pair[], b: readonly Pair[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

function unlike(members: readonly Pair[], side: Side): Diagnostic {
  const [first] = members as readonly [Pair, ...Pair[]];
  const name = first[side].group?.name;
  const [where, elsewhere] =
    side === 'own' ? ['this end', 'the other end'] : ['the other end', 'this end'];
  const names = members.map((one) => one[side].instance.name).join(', ');
  const what = `sync group ${name} of ${where} is not the same at ${elsewhere}`;
  return warning('peer-sync-group', placeOf(first.own), what, {
    label: `${names} at ${where}`,
    why:
      `${where} takes over all of them or none: when one fails alone at ${elsewhere}, ` +
      'nobody takes it over',
    help: 'the same group { … } in both files',
    related: [{ span: placeOf(first.other), what: 'at the other end' }],
  });
}

/** The group that it belongs to, or the instance itself. */
const placeOf = ({ built, group, reading }: End): Span =>
  (group === null ? undefined : built.groups.get(group.name))?.span ?? reading.span;

/** RFC 9568 knows no groups: what one member wins and another loses, both ends give up again. */
function split(members: readonly Pair[]): readonly Diagnostic[] {
  const wins = members.find((one) => winnersOf(one).atRest === 'own');
  const loses = members.find((one) => winnersOf(one).atRest === 'peer');
  if (wins === undefined || loses === undefined) return [];
  const group = wins.own.group ?? wins.other.group;
  const what = `sync group ${group?.name} is better here in one member and there in another`;
  const tell = ({ own, other }: Pair): string =>
    `${own.instance.name}: ${own.range.allWell} here, ${other.range.allWell} there`;
  return [
    warning('peer-split-group', placeOf(wins.own), what, {
      label: `${tell(wins)}; ${tell(loses)}`,
      why: 'members move together: two masters that meet both give way, and both take over again',
      help: 'one end with the higher priority in all members',
      related: [{ span: placeOf(wins.other), what: 'at the other end' }],
    }),
  ];
}
