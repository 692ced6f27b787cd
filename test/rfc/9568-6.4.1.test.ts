/** RFC 9568 §6.4.1, Initialize: each sentence kept, and what breaking it would look like. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestRouter } from './router';

test('If the priority is 255, send an ADVERTISEMENT and transition to Active at Startup', () => {
  const router = new TestRouter({ priority: 255 });
  assert.equal(router.state, 'master');
  assert.deepEqual(router.takeSent(), [{ at: 0, priority: 255 }]);
});

test('If the priority is 255, broadcast a gratuitous ARP for every address', () => {
  const router = new TestRouter({ priority: 255 });
  assert.ok(router.holds);
  assert.equal(router.announcements, 5);
});

test('Set the Adver_Timer to Advertisement_Interval: the second advert comes within one', () => {
  const router = new TestRouter({ priority: 255 });
  router.takeSent();
  router.pass(1_000_000);
  assert.deepEqual(
    router.takeSent().map(({ priority }) => priority),
    [255],
  );
});

test('Otherwise transition to Backup: 254 is not the owner and sends nothing', () => {
  const router = new TestRouter({ priority: 254 });
  assert.equal(router.state, 'backup');
  assert.deepEqual(router.takeSent(), []);
  assert.ok(!router.holds);
});

test('Otherwise set the Active_Down_Timer to Active_Down_Interval, of the own interval', () => {
  const router = new TestRouter({ version: 3, priority: 100 });
  router.pass(3_609_374);
  assert.equal(router.state, 'backup');
  router.pass(1);
  assert.equal(router.state, 'master');
});

test('back in Initialize after a Shutdown nothing is sent and nothing held', () => {
  const router = new TestRouter({ priority: 255 });
  router.shutdown();
  router.takeSent();
  router.pass(10_000_000);
  assert.deepEqual(router.takeSent(), []);
  assert.ok(!router.holds);
});
