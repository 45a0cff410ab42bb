import { onTestFinished, vi } from 'vitest';

/** Until the test ends, time passes by `vi.advanceTimersByTimeAsync` only; servers and connections have their own. */
export function holdClock() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const held = globalThis.setTimeout;
  const delays: number[] = [];
  // By hand: a second spy of Vitest on the same global leaves the first clock behind, for all files of the process
  globalThis.setTimeout = ((...args: Parameters<typeof held>) => {
    delays.push(args[1] ?? 0);
    return held(...args);
  }) as typeof held;
  onTestFinished(() => {
    globalThis.setTimeout = held;
    vi.useRealTimers();
  });
  /** How many timers of so many milliseconds or more there were. */
  const timersOf = (ms: number): number => delays.filter((delay) => delay >= ms).length;
  return { timersOf };
}
