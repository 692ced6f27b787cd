// A lock for set-up steps, so that two runs side by side in one tree do not build over each
// other. mkdir is the atomic act; the owner's pid inside tells whether the holder still lives.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
/** A holder writes its pid at once after mkdir; a lock without one for this long is a leftover. */
const NAMELESS_MAX_MS = 5000;

export async function withLock(directory, act) {
  fs.mkdirSync(path.dirname(directory), { recursive: true });
  let told = false;
  while (!tryLock(directory)) {
    const owner = ownerOf(directory);
    if (isStale(directory, owner)) {
      steal(directory);
      continue;
    }
    if (!told) console.log(`set-up: another run (pid ${owner ?? '?'}) is at it; waiting`);
    told = true;
    await sleep(POLL_MS);
  }
  try {
    return await act();
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function tryLock(directory) {
  try {
    fs.mkdirSync(directory);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  fs.writeFileSync(path.join(directory, 'owner'), String(process.pid));
  return true;
}

function ownerOf(directory) {
  try {
    return Number(fs.readFileSync(path.join(directory, 'owner'), 'utf8')) || null;
  } catch {
    return null;
  }
}

function isStale(directory, owner) {
  if (owner !== null) return !fs.existsSync(`/proc/${owner}`);
  const since = fs.statSync(directory, { throwIfNoEntry: false })?.mtimeMs;
  return since !== undefined && Date.now() - since > NAMELESS_MAX_MS;
}

/** Rename first: of two runs that found the same stale lock, only one gets to remove it. */
function steal(directory) {
  const grave = `${directory}.${process.pid}`;
  try {
    fs.renameSync(directory, grave);
  } catch {
    return;
  }
  fs.rmSync(grave, { recursive: true, force: true });
}
