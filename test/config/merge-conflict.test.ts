/** What is left of a merge that was not finished. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load';
import { locate } from '../../src/config/source';

test('each mark is told where it stands, and the way out once', () => {
  const { diagnostics } = loadConfig(
    't',
    `vrrp_instance A {
interface eth0
virtual_router_id 1
<<<<<<< HEAD
priority 100
||||||| base
=======
priority 90
>>>>>>> other
virtual_ipaddress { 192.0.2.1 }
}`,
  );
  const marks = diagnostics.filter(({ code }) => code === 'merge-conflict');
  assert.deepEqual(
    marks.map(({ span }) => locate(span).line),
    [4, 6, 7, 9],
  );
  assert.equal(marks.filter(({ help }) => help !== null).length, 1);
  assert.match(marks[0]?.help ?? '', /keep one side/);
  // Both sides count, so one of them is set again.
  assert.ok(diagnostics.some(({ code, span }) => code === 'repeated' && locate(span).line === 8));
  assert.ok(!diagnostics.some(({ code }) => code === 'unknown-keyword'));
});
