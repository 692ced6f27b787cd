/** Diagnostics: order, severities, did-you-mean. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { didYouMean } from '../../src/config/diagnostic';

const words = ['interface', 'interval', 'priority', 'preempt', 'nopreempt', 'state'];

test('a slip of the finger finds its word', () => {
  assert.equal(didYouMean('inteface', words), 'interface');
  assert.equal(didYouMean('inteval', words), 'interval');
  assert.equal(didYouMean('prioirty', words), 'priority');
  assert.equal(didYouMean('State', words), 'state');
});

test('what is far from everything finds nothing', () => {
  assert.equal(didYouMean('foo', words), null);
  assert.equal(didYouMean('script_security', words), null);
});
