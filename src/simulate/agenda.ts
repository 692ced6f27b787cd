/**
 * Virtual time: what happens when, in a binary heap. Equal instants keep the order in which they
 * were entered, so that a run is the same every time.
 */
interface Entry {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

export interface Agenda {
  now(): number;
  /** An instant that has passed means: next. */
  enter(at: number, act: () => void): void;
  /** Runs everything up to this instant, which is `now` afterwards. */
  runUntil(at: number): void;
  /** how much has happened so far. */
  steps(): number;
}

export function agenda(start: number): Agenda {
  const heap: Entry[] = [];
  let now = start;
  let order = 0;
  let steps = 0;

  return {
    now: () => now,
    enter(at, act) {
      push(heap, { at: at < now ? now : at, order: order++, act });
    },
    runUntil(at) {
      for (let top = heap[0]; top !== undefined && top.at <= at; top = heap[0]) {
        pop(heap);
        now = top.at;
        steps++;
        top.act();
      }
      now = at;
    },
    steps: () => steps,
  };
}

const earlier = (a: Entry, b: Entry): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Entry[], entry: Entry): void {
  let hole = heap.length;
  heap.push(entry);
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    const above = heap[parent] as Entry;
    if (!earlier(entry, above)) break;
    heap[hole] = above;
    hole = parent;
  }
  heap[hole] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop() as Entry;
  if (heap.length === 0) return;
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= heap.length) break;
    const right = child + 1;
    if (right < heap.length && earlier(heap[right] as Entry, heap[child] as Entry)) child = right;
    const below = heap[child] as Entry;
    if (!earlier(below, last)) break;
    heap[hole] = below;
    hole = child;
  }
  heap[hole] = last;
}
