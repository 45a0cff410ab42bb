import { OutOfPlace } from '../positions.ts';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import type { Held } from './held.ts';

/** What waits is read again after a kill, and is held in memory. */
const MOST_RECORDS = 2_000;

/** Rounds wait while the lane is full. */
export function createRoom(held: Held, metrics: ResolverMetrics, signal: AbortSignal) {
  let roomy = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => roomy.resolve());
  return {
    /** Resolves when the lane is not full. @throws OutOfPlace where it ends before */
    async wait(): Promise<void> {
      while (held.size >= MOST_RECORDS && !signal.aborted) await roomy.promise;
      if (signal.aborted) throw new OutOfPlace('the lane is closed');
    },
    /** Records came or went. */
    told(): void {
      metrics.aside.set(held.size);
      if (held.size >= MOST_RECORDS) return;
      roomy.resolve();
      roomy = Promise.withResolvers();
    },
  };
}
