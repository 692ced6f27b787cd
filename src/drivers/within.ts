/** Waiting with a bound: for what may never come. */

/** Resolves with the promise, or after `limit` milliseconds. */
export async function within(limit: number, what: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limit);
  });
  await Promise.race([what, tooLate]);
  clearTimeout(timer);
}
