/**
 * The native data plane as a driver: commands in, one ordered stream of events out, one alarm.
 * Knows nothing of elections.
 */
import type { PlaneCommand } from '../core/command';
import type { PlaneEvent } from '../core/event';
import { type Instant, instantAt } from '../time';
import { native, type PlaneCounters } from './addon';

export interface Plane {
  submit(commands: readonly PlaneCommand[]): void;
  counters(): PlaneCounters;
  /** Lets go of everything, waits for the thread, and hands over its last events. */
  close(): readonly PlaneEvent[];
}

export const planeNow = (): Instant => instantAt(native().now());

/** `onEvents` gets every batch, in order, on the JS thread. Throws when the kernel refuses. */
export function openPlane(
  options: { readonly realtime: boolean },
  onEvents: (events: readonly PlaneEvent[]) => void,
): Plane {
  const { Plane: NativePlane } = native();
  const plane = new NativePlane(options, () => {
    const events = plane.drain();
    if (events.length > 0) onEvents(events);
  });
  // Node runs no destructor of ours on process.exit or an uncaught exception; it runs this.
  const leave = (): void => {
    plane.close();
  };
  process.once('exit', leave);
  return {
    submit: (commands) => {
      if (commands.length > 0) plane.submit(commands);
    },
    counters: () => plane.counters(),
    close: () => {
      process.removeListener('exit', leave);
      return plane.close();
    },
  };
}
