/** Tracked files in a real folder: every way in which a number can get into one. */
import assert from 'node:assert/strict';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { test } from 'node:test';
import type { TrackFile } from '../../src/config/model-tracking';
import { type TrackedFiles, trackedFiles } from '../../src/drivers/track-file';
import { until } from '../lab/until';
import { scratch } from './scratch';

const files = scratch();

const tracked = (name: string, file: string, initial: TrackFile['initial'] = null): TrackFile => ({
  name,
  file,
  weight: 1,
  reverse: false,
  initial,
});

/** What was told last of each, and all of it. */
function listening(): { driver: TrackedFiles; told: [string, number][] } {
  const told: [string, number][] = [];
  return { driver: trackedFiles((name, value) => told.push([name, value])), told };
}

const says = (told: [string, number][], value: number): Promise<true> =>
  until(() => told.at(-1)?.[1] === value, { what: `it to say ${value}` });

test('written, replaced, removed: each is told, the first reading too', async () => {
  const file = files.at('number');
  const { driver, told } = listening();
  try {
    driver.track([tracked('f', file)]);
    await says(told, 0);
    writeFileSync(file, '5\n');
    await says(told, 5);
    writeFileSync(`${file}.new`, '0x10');
    renameSync(`${file}.new`, file);
    await says(told, 16);
    writeFileSync(file, '-7 and more');
    await says(told, -7);
    writeFileSync(file, 'no number');
    await says(told, 0);
    writeFileSync(file, '010');
    await says(told, 8);
    rmSync(file);
    await says(told, 0);
  } finally {
    driver.close();
  }
});

test('a file that is emptied and then written has said nothing in between', async () => {
  const file = files.at('rewritten');
  writeFileSync(file, '1');
  const { driver, told } = listening();
  try {
    driver.track([tracked('f', file)]);
    await says(told, 1);
    for (let value = 2; value < 20; value++) {
      const fd = openSync(file, 'w');
      // Time for the notice of it to come.
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      writeSync(fd, `${value}`);
      closeSync(fd);
      await says(told, value);
    }
    assert.ok(told.every(([, value]) => value !== 0));
    writeFileSync(file, '');
    await says(told, 0);
  } finally {
    driver.close();
  }
});

test('a folder that comes later is found', async () => {
  const { driver, told } = listening();
  try {
    driver.track([tracked('f', files.at('later/number'))]);
    await says(told, 0);
    mkdirSync(files.at('later'));
    writeFileSync(files.at('later/number'), '3');
    await says(told, 3);
  } finally {
    driver.close();
  }
});

test('init_file writes at the start alone, and over an old number only when told to', async () => {
  const [fresh, old, over] = [files.at('fresh'), files.at('old'), files.at('over')];
  writeFileSync(old, '9');
  writeFileSync(over, '9');
  const { driver } = listening();
  try {
    driver.track([
      tracked('a', fresh, { value: 4, overwrite: false }),
      tracked('b', old, { value: 4, overwrite: false }),
      tracked('c', over, { value: 4, overwrite: true }),
    ]);
    const texts = [fresh, old, over].map((file) => readFileSync(file, 'utf8'));
    assert.deepEqual(texts, ['4\n', '9', '4\n']);
    rmSync(fresh);
    driver.track([tracked('d', fresh, { value: 4, overwrite: false })]);
    assert.throws(() => readFileSync(fresh));
  } finally {
    driver.close();
  }
});

test('what is no longer tracked is no longer told', async () => {
  const file = files.at('gone');
  const { driver, told } = listening();
  try {
    driver.track([tracked('f', file)]);
    await says(told, 0);
    driver.track([tracked('g', file)]);
    await until(() => told.some(([name]) => name === 'g'), { what: 'the new one to be told' });
    writeFileSync(file, '1');
    await says(told, 1);
    assert.ok(!told.some(([name, value]) => name === 'f' && value === 1));
  } finally {
    driver.close();
  }
});
