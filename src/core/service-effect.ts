/**
 * What a supervised nginx does to the priority of an instance: a fault or a weight while it is
 * down, priority 1 while it is about to be stopped, so that a peer takes over before it is.
 */

/** leaving: it is about to be stopped, and somebody else should take over first. */
export type ServiceVerdict = 'up' | 'down' | 'unknown' | 'leaving';

export interface ServiceStanding {
  readonly name: string;
  readonly verdict: ServiceVerdict;
  /** 0: being down is a fault. */
  readonly weight: number;
  readonly why: string;
}

export const LEAVING = '1 (nginx is about to stop)';

interface Effect {
  readonly faults: readonly string[];
  readonly undecided: boolean;
  readonly leaves: boolean;
  /** from the priority. */
  readonly taken: number;
  readonly arithmetic: string;
}

/** `owner`: its 255 never moves, so that only a fault can take the address from it. */
export function effectOf(services: readonly ServiceStanding[], owner: boolean): Effect {
  const faults: string[] = [];
  let undecided = false;
  let leaves = false;
  let taken = 0;
  let arithmetic = '';
  for (const { name, verdict, weight, why } of services) {
    undecided ||= weight === 0 && verdict === 'unknown';
    if (verdict === 'leaving') {
      if (owner) faults.push(`nginx ${name} is about to stop`);
      else leaves = true;
    }
    if (verdict !== 'down') continue;
    if (weight === 0) faults.push(`nginx ${name} is down: ${why}`);
    else if (!owner) {
      taken += weight;
      arithmetic += ` - ${weight} (nginx ${name})`;
    }
  }
  return { faults, undecided, leaves, taken, arithmetic };
}
