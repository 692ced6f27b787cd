/** Two ends of one virtual router as text, and what comparing them says. */
import type { Diagnostic } from '../../src/config/diagnostic';
import { loadConfig } from '../../src/config/load';
import { comparePeers } from '../../src/config/peer';
import { locate, slice } from '../../src/config/source';

/** A vrrp_instance that is complete but for what a test is about. */
export const instance = (lines: string, name = 'VI_1'): string => `vrrp_instance ${name} {
  interface eth0
  ${lines}
}
`;

export const compare = (own: string, other: string): readonly Diagnostic[] =>
  comparePeers(loadConfig('own.conf', own), loadConfig('other.conf', other));

/** `severity code @own words @other words …`: what is underlined at either end. */
export const shown = (found: readonly Diagnostic[]): readonly string[] =>
  found.map(({ severity, code, span, related }) =>
    [
      severity,
      code,
      `@${slice(locate(span).span)}`,
      ...related
        .filter((one) => locate(one.span).span.source.name === 'other.conf')
        .map((one) => `@${slice(locate(one.span).span)}`),
    ].join(' '),
  );

/** From either end; the codes are to be the same. */
export const bothWays = (own: string, other: string): readonly (readonly string[])[] => [
  shown(compare(own, other)),
  shown(compare(other, own)),
];

/** The only finding. */
export function only(found: readonly Diagnostic[]): Diagnostic {
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new Error(`expected one finding, got ${JSON.stringify(shown(found))}`);
  }
  return first;
}
