/** What an operator asks of a supervised nginx, and what follows from who is master. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Story, well } from './service-story';

test('a restart that takes longer than the grace gives the address away, and goes on', () => {
  const story = well().gone(100).passes(199);
  assert.equal(story.is, 'reviving up');
  assert.equal(story.passes(1).is, 'down down');
  story.started({ kind: 'started', pid: 101 }).answers();
  // It was down, so it has to answer `rise` times.
  assert.equal(story.is, 'down down');
  assert.equal(story.passes(500).answers().is, 'up up');
});

test('a standby that is told to stop stops at once, and comes back when told to start', () => {
  const story = well().asked('stop');
  assert.deepEqual([story.is, story.ordered()], ['stopped down', ['stop']]);
  story.gone(100).stopped();
  assert.deepEqual([story.is, story.ordered()], ['stopped down', ['ok: stopped']]);
  story.passes(60_000);
  assert.equal(story.is, 'stopped down');
  story.found(null).ordered();
  assert.deepEqual(story.asked('stop').ordered(), ['ok: it is stopped already']);
  story.asked('start');
  assert.deepEqual([story.is, story.ordered()], ['starting unknown', ['start']]);
  story.started({ kind: 'started', pid: 101 }).answers();
  assert.deepEqual(
    [story.is, story.ordered()],
    ['up up', ['survey', 'probe', 'ok: started, process 101']],
  );
});

test('a master hands the address over before it is stopped', () => {
  const story = well().becomes(true).asked('stop');
  assert.deepEqual([story.is, story.ordered()], ['up leaving', []]);
  assert.deepEqual(story.asked('restart').ordered(), ['no: a stop of it is under way']);
  story.becomes(false);
  assert.deepEqual([story.is, story.ordered()], ['stopped down', ['stop']]);
  assert.deepEqual(story.stopped().ordered(), ['ok: stopped']);
});

test('where nobody takes over it goes on after a master-down time', () => {
  const story = well().becomes(true).asked('stop');
  assert.equal(story.passes(4499).is, 'up leaving');
  assert.ok(!story.ordered().includes('stop'));
  assert.equal(story.passes(1).is, 'stopped down');
});

test('a lone master keeps the address over a restart, which is tested first', () => {
  const story = well().becomes(true).asked('restart');
  assert.deepEqual([story.is, story.ordered()], ['up up', ['test']]);
  assert.equal(story.tested().is, 'up leaving');
  story.passes(4500);
  assert.ok(story.ordered().includes('stop'));
  story.gone(100).stopped();
  assert.deepEqual([story.is, story.ordered()], ['reviving leaving', ['start']]);
  story.started({ kind: 'started', pid: 101 }).answers();
  assert.deepEqual([story.is, story.ordered().at(-1)], ['up up', 'ok: restarted, process 101']);
});

test('a restart over a configuration that is invalid does nothing', () => {
  const story = well().becomes(true).asked('restart').tested('unknown directive');
  const why = 'no: config invalid, serving the old one: unknown directive';
  assert.deepEqual([story.is, story.ordered()], ['up up', ['test', why]]);
  assert.equal(story.service.signals.config, 'unknown directive');
});

test('a restart that does not come back is told, and demotes', () => {
  const story = well().asked('restart').tested().stopped();
  story.started({ kind: 'failed', why: 'port in use' });
  assert.deepEqual([story.is, story.ordered().at(-1)], ['down down', 'no: port in use']);
});

test('a reload over an invalid configuration is told, and the old workers serve', () => {
  const story = well().asked('reload');
  assert.deepEqual(story.ordered(), ['reload']);
  const reloaded = { kind: 'nginx-reloaded', nginx: 'nginx', ask: 'q' } as const;
  story.happens({ ...reloaded, at: story.at, fault: 'bad', invalid: true });
  assert.deepEqual(story.ordered(), ['no: config invalid, serving the old one: bad']);
  assert.deepEqual([story.is, story.service.signals.config], ['up up', 'bad']);
  story.asked('reload').happens({ ...reloaded, at: story.at, fault: '', invalid: false });
  assert.deepEqual(story.ordered(), ['reload', 'ok: reloaded: new workers serve']);
  assert.equal(story.service.signals.config, '');
});

test('started on the master only: with the address it comes, with the address it goes', () => {
  const story = new Story({ masterOnly: true }).found(null);
  story.ordered();
  story.becomes(true);
  assert.deepEqual([story.is, story.ordered()], ['starting unknown', ['start']]);
  story.started({ kind: 'started', pid: 7 }).answers();
  assert.equal(story.is, 'up up');
  story.ordered();
  story.becomes(false);
  assert.deepEqual([story.is, story.ordered()], ['stopped up', ['stop']]);
  assert.equal(story.gone(7).stopped().is, 'stopped up');
  // One that does not start says so, and goes on trying although the address has left.
  story.becomes(true).started({ kind: 'failed', why: 'no' }).becomes(false);
  assert.equal(story.is, 'down down');
});
