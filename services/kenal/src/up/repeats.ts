/** Lets a fault through once, then only how often it came again. */
export interface Repeats {
  /** @param fault what is equal for equal faults, numbers in it aside @returns whether to say it now */
  isNew(fault: string): boolean;
  stop(): void;
}

/** While a fault keeps coming it is counted for so long before the count is said. */
const QUIET_MS = 60_000;

/** @param onCount told how often a fault came again while it was held back */
export function createRepeats(onCount: (fault: string, times: number) => void, quietMs = QUIET_MS): Repeats {
  const held = new Map<string, { times: number; timer: NodeJS.Timeout }>();

  function hold(key: string, fault: string): void {
    const timer = setTimeout(() => {
      const times = held.get(key)?.times ?? 0;
      held.delete(key);
      if (times === 0) return;
      hold(key, fault);
      onCount(fault, times);
    }, quietMs);
    held.set(key, { times: 0, timer: timer.unref() });
  }

  return {
    isNew(fault) {
      const key = fault.replace(/\d+/g, '#'); // offsets and counts differ from one to the next
      const known = held.get(key);
      if (known === undefined) hold(key, fault);
      else known.times += 1;
      return known === undefined;
    },
    stop() {
      for (const { timer } of held.values()) clearTimeout(timer);
      held.clear();
    },
  };
}
