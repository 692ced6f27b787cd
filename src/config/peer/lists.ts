/**
 * What the comparisons of address lists share: how many, and where they stand.
 */
import type { Related } from '../diagnostic';
import { heldBy } from '../places';
import type { Span } from '../source';
import type { End } from './ends';

/** A list of a hundred addresses has one thing to say. */
const placesMax = 5;

/** `192.0.2.1`, or `3 addresses`. */
export const counted = (addresses: readonly string[]): string =>
  addresses.length === 1 ? (addresses[0] ?? '') : `${addresses.length} addresses`;

export const addressPlace = (end: End, address: string | undefined): Span =>
  heldBy(end).find((one) => one.address.address === address)?.span ?? end.reading.span;

export function placesOf(end: End, addresses: readonly string[]): readonly Related[] {
  const shown = addresses.slice(0, placesMax);
  const rest = addresses.length - shown.length;
  return shown.map((address, index) => ({
    span: addressPlace(end, address),
    what: index === placesMax - 1 && rest > 0 ? `${address}, and ${rest} more` : address,
  }));
}
