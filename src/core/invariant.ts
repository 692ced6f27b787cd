/** What must hold whatever users and peers do: a failure is our bug and ends the process. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${what}`);
}
