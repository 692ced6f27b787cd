/** RFC 9568 §6.4.2, Backup: each sentence kept, and its opposite where the sentence has a limit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HIGHER, LOWER, TestRouter } from './router';

/** v2 and v3 at 1 s and priority 100. */
const DOWN = 3_609_375;
const SKEW = 609_375;

test('MUST NOT answer for the addresses: a Backup holds none and announces none', () => {
  const router = new TestRouter();
  router.hear(150);
  router.pass(DOWN - 1);
  assert.ok(!router.holds);
  assert.equal(router.announcements, 0);
  assert.deepEqual(router.takeSent(), []);
});

test('If a Shutdown event is received, cancel the Active_Down_Timer', () => {
  const router = new TestRouter();
  router.shutdown();
  router.pass(10 * DOWN);
  assert.ok(!router.holds);
  assert.deepEqual(router.takeSent(), []);
});

test('If the Active_Down_Timer fires, send an ADVERTISEMENT and become Active', () => {
  const router = new TestRouter();
  router.pass(DOWN);
  assert.equal(router.state, 'master');
  assert.deepEqual(router.takeSent(), [{ at: DOWN, priority: 100 }]);
  assert.ok(router.holds);
  assert.equal(router.announcements, 5);
});

test('It does not fire a microsecond early', () => {
  const router = new TestRouter();
  router.pass(DOWN - 1);
  assert.equal(router.state, 'backup');
});

test('If the Priority in the ADVERTISEMENT is zero, set the Active_Down_Timer to Skew_Time', () => {
  const router = new TestRouter();
  router.hear(150);
  router.pass(500_000);
  router.hear(0);
  router.pass(SKEW - 1);
  assert.equal(router.state, 'backup');
  router.pass(1);
  assert.equal(router.state, 'master');
});

test('a second zero does not push the Skew_Time of the first', () => {
  const router = new TestRouter();
  router.hear(150);
  router.hear(0);
  router.pass(SKEW - 1);
  router.hear(0);
  router.pass(1);
  assert.equal(router.state, 'master');
});

test('a zero of somebody who was not Active shortens nothing', () => {
  const router = new TestRouter();
  router.hear(150, HIGHER);
  router.hear(0, LOWER);
  router.pass(SKEW);
  assert.equal(router.state, 'backup');
});

test('If Priority >= the local Priority, reset the Active_Down_Timer', () => {
  for (const priority of [100, 101, 255]) {
    const router = new TestRouter();
    router.pass(DOWN - 1);
    router.hear(priority);
    router.pass(DOWN - 1);
    assert.equal(router.state, 'backup', `${priority}`);
    router.pass(1);
    assert.equal(router.state, 'master', `${priority}`);
  }
});

test('If Preempt_Mode is true and Priority < the local one, discard: the timer runs on', () => {
  const router = new TestRouter();
  router.pass(DOWN - 1);
  router.hear(99);
  router.pass(1);
  assert.equal(router.state, 'master');
});

test('If Preempt_Mode is false, a lower Priority resets the timer, too', () => {
  const router = new TestRouter({ preempt: false });
  router.pass(DOWN - 1);
  router.hear(1);
  router.pass(DOWN - 1);
  assert.equal(router.state, 'backup');
});

test('Set Active_Adver_Interval to the interval heard, and recompute (VRRPv3)', () => {
  const router = new TestRouter({ version: 3 });
  router.hear(150, HIGHER, 100_000);
  router.pass(360_936);
  assert.equal(router.state, 'backup');
  router.pass(1);
  assert.equal(router.state, 'master');
});

test('the Skew_Time after a zero is one of the learnt interval (VRRPv3)', () => {
  const router = new TestRouter({ version: 3 });
  router.hear(150, HIGHER, 100_000);
  router.hear(0, HIGHER, 100_000);
  router.pass(60_936);
  assert.equal(router.state, 'backup');
  router.pass(1);
  assert.equal(router.state, 'master');
});

test('a discarded ADVERTISEMENT teaches no interval (VRRPv3)', () => {
  const router = new TestRouter({ version: 3 });
  router.hear(150, HIGHER, 1_000_000);
  router.pass(100_000);
  router.hear(50, LOWER, 10_000);
  router.pass(DOWN - 100_001);
  assert.equal(router.state, 'backup');
  router.pass(1);
  assert.equal(router.state, 'master');
});

test('two Backups never compare addresses: an equal one re-arms, whatever its address', () => {
  for (const source of [LOWER, HIGHER]) {
    const router = new TestRouter();
    router.pass(DOWN - 1);
    router.hear(100, source);
    router.pass(1000);
    assert.equal(router.state, 'backup');
  }
});
