/** The queue of mails alone: order, back-off, bounds, and who lets whom pass. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  AGE_MAX,
  emptyQueue,
  enqueue,
  expire,
  hurried,
  LETTERS_MAX,
  type MailQueue,
  next,
  settle,
  usualPace,
  type Verdict,
} from '../../src/drivers/mail-queue';
import type { Letter } from '../../src/drivers/mail-text';
import { happened } from './mail-news';

const letter = (id: string): Letter => ({
  id,
  date: happened,
  from: { name: '', address: 'a@b' },
  to: ['x'],
  subject: id,
  text: '',
});

const queueOf = (count: number): MailQueue => {
  let queue = emptyQueue;
  for (let i = 0; i < count; i++) {
    [queue] = enqueue(queue, { letter: letter(`${i}`), to: ['x'], now: i }, null);
  }
  return queue;
};

const taken: Verdict = { kind: 'taken', refused: [], later: [] };
const putOff: Verdict = { kind: 'put-off', why: 'later' };
const away: Verdict = { kind: 'unreachable', why: 'away', lasting: false };

const ids = ({ waiting }: MailQueue): string[] => waiting.map((one) => one.letter.id);

/** Tries what is due; `null` when nothing is. */
function tried(
  queue: MailQueue,
  verdict: Verdict,
  now: number,
): readonly [string, MailQueue] | null {
  const due = next(queue, now);
  if (due.kind !== 'try') return null;
  const terms = { now, chance: 0.5, pace: usualPace };
  return [due.one.letter.id, settle(queue, due.one, verdict, terms)];
}

function mustTry(queue: MailQueue, verdict: Verdict, now: number): readonly [string, MailQueue] {
  const step = tried(queue, verdict, now);
  assert.ok(step !== null, 'something was due');
  return step;
}

const wait = (queue: MailQueue, now: number): number => {
  const due = next(queue, now);
  assert.equal(due.kind, 'wait');
  return due.kind === 'wait' ? due.until - now : 0;
};

test('while the server is away everything waits, twice as long each time, up to a minute', () => {
  let queue = queueOf(3);
  let now = 100;
  const pauses: number[] = [];
  for (let i = 0; i < 9; i++) {
    const step = tried(queue, away, now);
    assert.equal(step?.[0], '0');
    queue = step?.[1] ?? queue;
    const pause = wait(queue, now);
    pauses.push(pause);
    now += pause;
  }
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  const [, after] = tried(queue, taken, now) ?? [];
  assert.deepEqual([after?.failures, next(after ?? queue, now).kind], [0, 'try']);
});

test('what somebody has to mend is tried once a minute, then less', () => {
  const lasting: Verdict = { ...away, lasting: true };
  const [, queue = emptyQueue] = tried(queueOf(1), lasting, 0) ?? [];
  assert.equal(wait(queue, 0), 60_000);
  const [, again = emptyQueue] = tried(queue, lasting, 60_000) ?? [];
  assert.equal(wait(again, 60_000), 120_000);
});

test('chance spreads the tries by a fifth either way', () => {
  for (const [chance, expected] of [
    [0, 800],
    [1, 1200],
  ] as const) {
    const queue = queueOf(1);
    const [one] = queue.waiting;
    assert.ok(one !== undefined);
    assert.equal(settle(queue, one, away, { now: 0, chance, pace: usualPace }).after, expected);
  }
});

test('a letter that is put off holds up the others three times, then steps aside', () => {
  let queue = queueOf(3);
  let now = 0;
  const order: string[] = [];
  for (let i = 0; i < 3; i++) {
    const step = mustTry(queue, putOff, now);
    order.push(step[0]);
    queue = step[1];
    if (i < 2) now += wait(queue, now);
  }
  assert.deepEqual(order, ['0', '0', '0']);
  for (const expected of ['1', '2']) {
    const step = mustTry(queue, taken, now);
    assert.equal(step[0], expected);
    queue = step[1];
  }
  assert.deepEqual(ids(queue), ['0']);
  assert.equal(wait(queue, now), 4000);
});

test('when one that stood aside is taken, the others that did go in order', () => {
  let queue = queueOf(3);
  let now = 0;
  // A server that puts off everybody for a while.
  for (let i = 0; i < 9; i++) {
    const step = tried(queue, putOff, now);
    if (step === null) now += wait(queue, now);
    else queue = step[1];
  }
  const order: string[] = [];
  while (queue.waiting.length > 0) {
    const step = tried(queue, taken, now);
    if (step === null) now += wait(queue, now);
    else {
      order.push(step[0]);
      queue = step[1];
    }
  }
  assert.equal(order.length, 3);
  const rest = order.slice(1);
  assert.deepEqual(rest, [...rest].sort());
});

test('of too many the oldest goes, but never the one that is being tried', () => {
  const full = queueOf(LETTERS_MAX);
  const fresh = { letter: letter('new'), to: ['x'], now: 0 };
  const [queue, dropped] = enqueue(full, fresh, full.waiting[0]?.letter ?? null);
  assert.equal(dropped?.id, '1');
  assert.equal(queue.waiting.length, LETTERS_MAX);
  assert.deepEqual([ids(queue)[0], ids(queue).at(-1)], ['0', 'new']);
});

test('what has waited for more than a day goes', () => {
  const [queue, old] = expire(queueOf(3), AGE_MAX + 2);
  assert.deepEqual([ids(queue), old.map(({ id }) => id)], [['2'], ['0', '1']]);
  assert.deepEqual(expire(queue, AGE_MAX + 2)[1], []);
});

test('those of the recipients who can have it later are asked again, alone', () => {
  const [first] = enqueue(emptyQueue, { letter: letter('0'), to: ['x', 'y', 'z'], now: 0 }, null);
  const verdict: Verdict = {
    kind: 'taken',
    refused: [{ recipient: 'x', answer: '550' }],
    later: [{ recipient: 'z', answer: '450' }],
  };
  const [, queue = emptyQueue] = tried(first, verdict, 0) ?? [];
  assert.deepEqual(queue.waiting[0]?.to, ['z']);
});

test('at the end nothing waits for another', () => {
  let queue = queueOf(2);
  [, queue] = tried(queue, away, 0) ?? ['', queue];
  queue = hurried(queue);
  [, queue] = tried(queue, putOff, 0) ?? ['', queue];
  assert.equal(tried(queue, taken, 0)?.[0], '1');
});

test('whatever the server says, each letter is in the queue or settled, and there is a next try', () => {
  const verdict = fc.constantFrom<Verdict>(taken, putOff, away, { kind: 'refused', why: 'no' });
  fc.assert(
    fc.property(fc.array(verdict, { maxLength: 200 }), (verdicts) => {
      let queue = queueOf(10);
      let settled = 0;
      let now = 0;
      for (const one of verdicts) {
        const due = next(queue, now);
        if (due.kind === 'idle') break;
        if (due.kind === 'wait') {
          assert.ok(due.until > now && due.until <= now + usualPace.most * 1.2);
          now = due.until;
        }
        const step = mustTry(queue, one, now);
        if (one.kind === 'taken' || one.kind === 'refused') settled += 1;
        queue = step[1];
        assert.equal(queue.waiting.length + settled, 10);
        assert.deepEqual(ids(queue), [...ids(queue)].sort());
      }
    }),
  );
});
