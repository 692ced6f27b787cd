/** Names of users and groups → numbers, against what the system's own `id` says. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { accountOf } from '../../src/drivers/account';

const id = (...words: string[]): number =>
  Number(execFileSync('id', words, { encoding: 'utf8' }).trim());

test('a user comes with the group of the password file', () => {
  assert.deepEqual(accountOf({ user: 'nobody', group: null }), {
    uid: id('-u', 'nobody'),
    gid: id('-g', 'nobody'),
  });
  assert.deepEqual(accountOf({ user: 'root', group: null }), { uid: 0, gid: 0 });
});

test('a named group replaces it', () => {
  const account = accountOf({ user: 'nobody', group: 'daemon' });
  assert.deepEqual(account, { uid: id('-u', 'nobody'), gid: id('-g', 'daemon') });
});

test('numbers are taken as they are', () => {
  assert.deepEqual(accountOf({ user: '1234', group: '567' }), { uid: 1234, gid: 567 });
});

test('who is unknown is nobody at all, not root', () => {
  assert.equal(accountOf({ user: 'no-such-user', group: null }), null);
  assert.equal(accountOf({ user: 'nobody', group: 'no-such-group' }), null);
  // A number without an entry has no group.
  assert.equal(accountOf({ user: '123456', group: null }), null);
  assert.equal(accountOf({ user: '', group: null }), null);
  assert.equal(accountOf({ user: '-1', group: '0' }), null);
  assert.equal(accountOf({ user: 'nob', group: null }), null);
});
