import { onTestFinished, vi } from 'vitest';

/** Until the test ends, time passes by `vi.advanceTimersByTimeAsync` only; servers and connections have their own. */
export function holdClock() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const timers = vi.spyOn(globalThis, 'setTimeout');
  onTestFinished(() => {
    timers.mockRestore();
    vi.useRealTimers();
  });
  /** How many timers of so many milliseconds or more there were. */
  const timersOf = (ms: number): number => timers.mock.calls.filter(([, delay = 0]) => delay >= ms).length;
  return { timersOf };
}
