/**
 * Instances that one end has alone, and files of which not everything could be compared.
 */
import { type Diagnostic, info, warning } from '../diagnostic';
import type { Loaded } from '../load';
import type { End, Pair } from './ends';

const placesMax = 5;

export function oneEnd(
  own: readonly End[],
  other: readonly End[],
  pairs: readonly Pair[],
  files: { readonly own: Loaded; readonly other: Loaded },
): readonly Diagnostic[] {
  const paired = new Set(pairs.flatMap((pair) => [pair.own, pair.other]));
  const lonely = (ends: readonly End[], where: Loaded): readonly End[] =>
    ends.filter((end) => !paired.has(end) && !isBroken(where, end.instance.name));
  return [
    ...lonely(own, files.other).map(({ instance, reading }) =>
      info('peer-one-end', reading.span, `${instance.name} exists at this end only`, {
        label: `VRID ${instance.vrid}`,
        why: 'nobody stands by for its addresses',
      }),
    ),
    ...lonely(other, files.own).map(({ instance, reading }) =>
      info('peer-one-end', files.own.built.whole, `${instance.name} exists at the other end only`, {
        label: `VRID ${instance.vrid} there`,
        why: 'nobody stands by for its addresses',
        related: [{ span: reading.span, what: `${instance.name} stands here` }],
      }),
    ),
  ];
}

/** It is there, and so faulty that nothing could be made of it. */
const isBroken = ({ built }: Loaded, name: string): boolean =>
  built.instances.has(name) && !built.config.instances.some((one) => one.name === name);

/** The errors of the other file; those of the own one are told without being asked. */
export function faultyFile(own: Loaded, other: Loaded): readonly Diagnostic[] {
  const errors = other.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return [];
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  const { name } = other.built.whole.source;
  return [
    warning('peer-errors', own.built.whole, `the file of the other end, ${name}, has ${count}`, {
      label: 'what could be read of it is compared',
      why: 'the other end does not start with it, and nobody stands by',
      help: `holdfast check ${name}`,
      related: errors.slice(0, placesMax).map(({ span, what }) => ({ span, what })),
    }),
  ];
}
