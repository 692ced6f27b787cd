/** A supervised nginx: what is done about a death, a hang, a bad configuration, a crash loop. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Nginx } from '../../src/config/model-nginx';
import { reformService } from '../../src/core/service';
import { after, seconds } from '../../src/time';
import { nginx, Story, well } from './service-story';

test('an nginx that runs and answers is up after one answer', () => {
  const story = new Story();
  assert.deepEqual([story.is, story.ordered()], ['unknown unknown', ['look']]);
  story.found(100);
  assert.deepEqual([story.is, story.ordered()], ['unknown unknown', ['survey', 'probe']]);
  assert.equal(story.answers().is, 'up up');
});

test('an nginx that does not run is started', () => {
  const story = new Story().found(null);
  assert.deepEqual([story.is, story.ordered()], ['starting unknown', ['look', 'start']]);
  story.started({ kind: 'started', pid: 7 });
  assert.equal(story.answers('refused').is, 'starting unknown');
  assert.equal(story.passes(20).answers().is, 'up up');
});

test('a death is met with a restart in the same instant, and nobody is demoted', () => {
  const story = well().gone(100);
  assert.deepEqual([story.is, story.ordered()], ['reviving up', ['start']]);
  story.started({ kind: 'started', pid: 101 }).answers('refused').passes(20);
  assert.equal(story.answers().is, 'up up');
  assert.equal(story.service.pid, 101);
  assert.equal(story.service.graceUntil, null);
});

test('a death that is not its own is none', () => {
  assert.equal(well().gone(99).is, 'up up');
});

test('a configuration that does not start gives the address away at once', () => {
  const story = well().gone(100);
  story.started({ kind: 'config-invalid', why: 'unknown directive' });
  assert.equal(story.is, 'down down');
  assert.match(story.service.why, /configuration is invalid: unknown directive/);
  assert.equal(story.service.signals.config, 'unknown directive');
});

test('restarts come after pauses that double, and end at the limit', () => {
  const story = well().gone(100);
  const fails = (): Story => story.started({ kind: 'failed', why: 'port in use' });
  fails().ordered();
  assert.deepEqual(story.passes(999).ordered(), []);
  assert.deepEqual(story.passes(1).ordered(), ['start']);
  fails();
  assert.deepEqual(story.passes(1999).ordered(), []);
  assert.deepEqual(story.passes(1).ordered(), ['start']);
  fails();
  assert.equal(story.passes(4000).is, 'given-up down');
  assert.match(story.service.why, /3 restarts in 60 s did not help: port in use/);
  assert.ok(!story.found(null).passes(600_000).ordered().includes('start'));
});

test('a crash loop ends at the limit too, although each start works', () => {
  const story = well();
  for (const pid of [100, 101, 102]) {
    story
      .gone(pid)
      .started({ kind: 'started', pid: pid + 1 })
      .answers();
    assert.equal(story.is, 'up up');
  }
  assert.equal(story.gone(103).is, 'given-up down');
});

test('deaths far apart are no loop', () => {
  const story = well();
  for (const pid of [100, 101, 102, 103, 104]) {
    story
      .gone(pid)
      .started({ kind: 'started', pid: pid + 1 })
      .answers();
    story.at = after(story.at, seconds(61));
  }
  assert.equal(story.is, 'up up');
});

test('an nginx that does not answer any more is demoted after `fall` probes, then restarted', () => {
  const story = well().passes(500);
  assert.equal(story.answers('timed out').is, 'up up');
  // Asked again at once.
  story.passes(0).answers('timed out');
  assert.equal(story.is, 'down down');
  story.answers('timed out').ordered();
  // It may only be slow, so it is not ended before the first pause is over.
  assert.ok(!story.passes(990).ordered().includes('start kill'));
  assert.ok(story.passes(10).ordered().includes('start kill'));
  // What it does to the old one is no death.
  assert.equal(story.gone(100).is, 'down down');
  story.started({ kind: 'started', pid: 101 }).answers();
  assert.equal(story.passes(500).answers().is, 'up up');
});

test('one bad answer is forgiven', () => {
  const story = well().passes(500).answers('timed out').passes(0).answers();
  assert.equal(story.is, 'up up');
});

test('an invalid configuration is tested again, and never counts as a restart', () => {
  const story = well().gone(100);
  for (let i = 0; i < 20; i++) {
    story.started({ kind: 'config-invalid', why: 'bad' }).ordered();
    assert.equal(story.is, 'down down');
    assert.deepEqual(story.passes(1000).ordered(), ['start']);
  }
  story.started({ kind: 'started', pid: 7 }).answers().passes(500).answers();
  assert.equal(story.is, 'up up');
});

test('a probe that a reload takes away leaves what runs well', () => {
  const story = well().passes(500).answers('refused').passes(0).answers('refused');
  assert.equal(story.is, 'down down');
  story.service = reformService(story.service, { ...nginx, probe: null }, story.at);
  assert.equal(story.surveyed().is, 'up up');
});

test('workers that are missing twice in a row demote; once is a moment of a reload', () => {
  const story = well().surveyed('0 of 1 workers run');
  assert.equal(story.is, 'up up');
  story.surveyed().surveyed('0 of 1 workers run');
  assert.equal(story.is, 'up up');
  assert.equal(story.surveyed('0 of 1 workers run').is, 'down down');
});

test('through the address it is asked while it is held; what fails there does not go to and fro', () => {
  const probe = { ...(nginx.probe as NonNullable<Nginx['probe']>), throughVip: true };
  const story = well({ probe }).becomes(true).passes(500);
  story.ordered();
  const fails = (): Story => story.answers().answers('refused', 'vip').passes(0);
  assert.deepEqual(story.answers().ordered(), ['probe 192.0.2.9']);
  story.answers('refused', 'vip').passes(0);
  fails().becomes(false);
  assert.deepEqual([story.is, story.service.why], ['down down', 'through 192.0.2.9: refused']);
  story.ordered();
  // Here it answers as before; the address is not asked for while somebody else holds it.
  story.passes(500).answers().passes(400).answers();
  assert.equal(story.is, 'down down');
  story.passes(100).answers();
  assert.equal(story.is, 'up up');
  for (let i = 0; i < 2; i++) {
    story.becomes(true).passes(500);
    fails();
    fails().becomes(false).passes(5000).answers().passes(500).answers();
  }
  assert.equal(story.is, 'given-up down');
});

test('on a standby that runs no nginx, that is no failure', () => {
  const story = new Story({ masterOnly: true }).found(null);
  assert.equal(story.is, 'stopped up');
  assert.deepEqual(story.ordered(), ['look']);
});

test('without a probe the process alone decides', () => {
  const story = new Story({ probe: null }).found(5);
  assert.equal(story.is, 'up up');
  story.gone(5).started({ kind: 'started', pid: 6 });
  assert.equal(story.is, 'up up');
});

test('an nginx that somebody else brings back is seen to be well', () => {
  const story = well().gone(100);
  for (let i = 0; i < 3; i++) story.started({ kind: 'failed', why: 'no' }).passes(5000);
  assert.equal(story.is, 'given-up down');
  story.found(200).answers();
  story.passes(500).answers();
  assert.equal(story.is, 'up up');
});
