import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { LogBatch } from '@kenal/contracts';

interface Waiting {
  readonly batch: LogBatch;
  readonly done: PromiseWithResolvers<void>;
}

/** Runs work one after the other: rounds of batches, and checks between them. */
export interface Rounds {
  /** Take a batch; resolves when the round that it was in is through, rejects where that failed. */
  take(batch: LogBatch): Promise<void>;
  /** Run something while no round runs. */
  between(work: () => Promise<void>): Promise<void>;
  /** Reject the batches that wait for a round. */
  dropWaiting(reason: Error): void;
}

/**
 * Least time from the start of a round to the next one. Most of what a small round costs is the same for a large one (an
 * fsync or three, a dozen hops between threads), so under load records wait a moment for company; the first after a pause
 * does not wait.
 */
const PACE_MS = 20;

/**
 * Partitions deliver at the same time. Whatever waits when a round begins is processed in it as one: one load, one commit,
 * one append for all, and no two rounds of this process fight over a component.
 */
export function createRounds(process: (batches: readonly LogBatch[]) => Promise<void>, paceMs = PACE_MS): Rounds {
  let waiting: Waiting[] = [];
  let last: Promise<void> = Promise.resolve();

  function inTurn(work: () => Promise<void>): Promise<void> {
    const now = last.then(work);
    last = now.catch(() => undefined);
    return now;
  }

  async function round(): Promise<void> {
    if (waiting.length === 0) return;
    await turn(); // partitions deliver one after the other in one turn of the loop: let all of them in
    const began = performance.now();
    const taken = waiting;
    waiting = [];
    try {
      await process(taken.map(({ batch }) => batch));
      // What comes meanwhile is read when they are resolved
      const rest = Math.ceil(began + paceMs - performance.now()); // timers drop fractions
      if (rest > 0) await sleep(rest);
      for (const { done } of taken) done.resolve();
    } catch (error) {
      for (const { done } of taken) done.reject(error);
    }
  }

  return {
    take(batch) {
      const done = Promise.withResolvers<void>();
      waiting.push({ batch, done });
      void inTurn(round);
      return done.promise;
    },
    between: inTurn,
    dropWaiting(reason) {
      for (const { done } of waiting) done.reject(reason);
      waiting = [];
    },
  };
}
