/** RFC 9568 §6.4.3, Active: each sentence kept, and its opposite where the sentence has a limit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HIGHER, LOWER, TestRouter } from './router';

const DOWN = 3_609_375;

function active(change: ConstructorParameters<typeof TestRouter>[0] = {}): TestRouter {
  const router = new TestRouter(change);
  router.pass(DOWN);
  assert.equal(router.state, 'master');
  router.takeSent();
  return router;
}

const priorities = (router: TestRouter): number[] =>
  router.takeSent().map(({ priority }) => priority);

test('If a Shutdown event is received, send an ADVERTISEMENT with Priority 0', () => {
  const router = active();
  router.shutdown();
  assert.deepEqual(priorities(router), [0]);
  assert.ok(!router.holds);
  router.pass(10 * DOWN);
  assert.deepEqual(priorities(router), []);
});

test('If the Adver_Timer fires, send an ADVERTISEMENT and reset the timer', () => {
  const router = active();
  router.pass(1_000_000);
  const [first] = router.takeSent();
  router.pass(10_000_000);
  const sent = router.takeSent();
  assert.equal(sent.length, 10);
  let last = first?.at ?? 0;
  for (const { at } of sent) {
    assert.equal(at - last, 1_000_000);
    last = at;
  }
});

test('If an ADVERTISEMENT with Priority zero is received, send an ADVERTISEMENT', () => {
  const router = active();
  router.pass(500_000);
  router.takeSent();
  router.hear(0);
  assert.deepEqual(priorities(router), [100]);
  assert.equal(router.state, 'master');
});

test('If the Priority is greater than the local one, transition to Backup', () => {
  const router = active();
  router.hear(101, LOWER);
  assert.equal(router.state, 'backup');
  assert.ok(!router.holds);
  router.pass(DOWN - 1);
  assert.deepEqual(priorities(router), []);
});

test('yielding sends no Priority 0: somebody is Active already', () => {
  const router = active();
  router.hear(101, LOWER);
  assert.deepEqual(priorities(router), []);
});

test('If equal and the sender’s address is greater, transition to Backup', () => {
  const router = active();
  router.hear(100, HIGHER);
  assert.equal(router.state, 'backup');
});

test('If equal and the sender’s address is smaller, stay Active', () => {
  const router = active();
  router.hear(100, LOWER);
  assert.equal(router.state, 'master');
  assert.ok(router.holds);
});

test('the addresses are compared as unsigned numbers in network order', () => {
  const router = active();
  router.hear(100, '192.0.2.10');
  assert.equal(router.state, 'backup', '10 is more than 2, though not as text');
  const other = active();
  other.hear(100, '9.255.255.255');
  assert.equal(other.state, 'master', '9 is less than 192');
});

test('then set the Active_Down_Timer by the sender’s interval (VRRPv3)', () => {
  const router = active({ version: 3 });
  router.hear(150, HIGHER, 100_000);
  router.pass(360_936);
  assert.equal(router.state, 'backup');
  router.pass(1);
  assert.equal(router.state, 'master');
});

test('Otherwise discard it and send an ADVERTISEMENT immediately', () => {
  const router = active();
  router.pass(500_000);
  router.takeSent();
  router.hear(99, HIGHER);
  assert.deepEqual(priorities(router), [100]);
  assert.equal(router.state, 'master');
});

test('immediately, but not without a bound: a flood is not echoed', () => {
  const router = active();
  router.pass(500_000);
  router.takeSent();
  for (let i = 0; i < 1000; i++) router.hear(99, HIGHER);
  assert.equal(priorities(router).length, 1);
});

test('lower_prio_no_advert keeps RFC 3768: discard and nothing else', () => {
  const router = active({ lowerPriorityNoAdvert: true });
  router.pass(500_000);
  router.takeSent();
  router.hear(99, HIGHER);
  assert.deepEqual(priorities(router), []);
});

test('the owner never steps back to a lower priority', () => {
  const router = new TestRouter({ priority: 255 });
  router.hear(254, HIGHER);
  assert.equal(router.state, 'master');
});
