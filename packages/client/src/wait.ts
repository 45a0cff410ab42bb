/** Wait, or until the signal; then it resolves as well, and whoever waits looks at the signal. */
export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted === true) done();
    else signal?.addEventListener('abort', done);
  });
}

const FIRST_MS = 250;
const LONGEST_MS = 30_000;
/** Whatever a server asks for. */
const LONGEST_ASKED_MS = 300_000;

/**
 * How long to wait before a try: what the server asks for, else twice as long as the time before; with up to a half of it by
 * chance, so that clients that were cut off together do not come back together.
 * @param tries how many failed
 */
export function backOffMs(tries: number, retryAfter: string | null): number {
  const asked = retryAfter === null ? Number.NaN : askedMs(retryAfter);
  const base = Number.isNaN(asked) ? Math.min(LONGEST_MS, FIRST_MS * 2 ** tries) : Math.min(LONGEST_ASKED_MS, asked);
  return base + (Math.random() * Math.max(base, FIRST_MS)) / 2;
}

/** Of `Retry-After: 3`, or a date. */
function askedMs(text: string): number {
  const seconds = Number(text);
  return Number.isNaN(seconds) ? Date.parse(text) - Date.now() : seconds * 1_000;
}
