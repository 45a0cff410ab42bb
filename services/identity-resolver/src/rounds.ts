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
 * Partitions deliver at the same time. Whatever waits when a round begins is processed in it as one: one load, one commit,
 * one append for all, and no two rounds of this process fight over a component.
 */
export function createRounds(process: (batches: readonly LogBatch[]) => Promise<void>): Rounds {
  let waiting: Waiting[] = [];
  let last: Promise<void> = Promise.resolve();

  function inTurn(work: () => Promise<void>): Promise<void> {
    const now = last.then(work);
    last = now.catch(() => undefined);
    return now;
  }

  async function round(): Promise<void> {
    const taken = waiting;
    waiting = [];
    if (taken.length === 0) return;
    try {
      await process(taken.map(({ batch }) => batch));
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
