/**
 * One check's verdict over time: a saturating counter. Below `rise` it is down, from there up;
 * a change of side jumps to the far end, so that the way back needs all of `fall` or `rise`.
 * Until the first result nothing is known, and then one result decides.
 */
export interface Health {
  readonly rise: number;
  readonly fall: number;
  /** 0 … rise + fall - 1; null: nothing known. */
  readonly counter: number | null;
}

export type Verdict = 'up' | 'down' | 'unknown';

export const unknownHealth = (rise: number, fall: number): Health => ({
  rise,
  fall,
  counter: null,
});

export function verdict(health: Health): Verdict {
  if (health.counter === null) return 'unknown';
  return health.counter >= health.rise ? 'up' : 'down';
}

export function judge(health: Health, ok: boolean): Health {
  const { rise, fall, counter } = health;
  const top = rise + fall - 1;
  if (counter === null) return { ...health, counter: ok ? top : 0 };
  if (ok) return { ...health, counter: counter + 1 >= rise ? top : counter + 1 };
  return { ...health, counter: counter - 1 < rise ? 0 : counter - 1 };
}

/** New limits keep the side that the old ones had reached. */
export function relimit(health: Health, rise: number, fall: number): Health {
  const fresh = unknownHealth(rise, fall);
  const side = verdict(health);
  return side === 'unknown' ? fresh : judge(fresh, side === 'up');
}
