/**
 * A process that only sleeps and looks how late it wakes; run with the highest real-time priority
 * on one processor. What it is late by, no daemon could have avoided: it is the machine's.
 */
const PERIOD_MILLISECONDS = 5;
const TOLD_MILLISECONDS = 0.5;

const never = new Int32Array(new SharedArrayBuffer(4));
process.stdout.write('watching\n');
for (;;) {
  const start = performance.now();
  // Not a timer: its queue and the event loop would be measured, not the machine.
  Atomics.wait(never, 0, 0, PERIOD_MILLISECONDS);
  const late = performance.now() - start - PERIOD_MILLISECONDS;
  if (late > TOLD_MILLISECONDS) process.stdout.write(`${Date.now()} ${late.toFixed(2)}\n`);
}
