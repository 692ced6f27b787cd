/**
 * What only a test asks of a daemon: to hang. Off unless HOLDFAST_TEST_BLOCK names milliseconds;
 * then SIGUSR2 blocks the event loop for so long, as a bug or a garbage collection would.
 */
export function installTestHooks(): void {
  const text = process.env['HOLDFAST_TEST_BLOCK'];
  if (text === undefined) return;
  process.on('SIGUSR2', () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(text));
  });
}
