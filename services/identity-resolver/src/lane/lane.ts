import { setTimeout as sleep } from 'node:timers/promises';
import type { TopicPartition } from '@kenal/contracts';
import type { Logger } from '@kenal/service-kit';
import type { LaneDoor } from '../deciding/effort.ts';
import type { Left } from '../deciding/settle.ts';
import { OutOfPlace, StaleRules } from '../positions.ts';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import { type Decoded, reasonOf } from '../work.ts';
import type { Held } from './held.ts';
import { createQueue } from './queue.ts';

/** What is too much work for a round, or fought over: decided beside the rounds, which go on meanwhile. */
export interface Lane extends LaneDoor {
  /** Before the offsets of the round are raised. */
  take(workspace: string, left: Left<Decoded>): void;
  /** Resolves when the lane is not full. @throws OutOfPlace where it ends before */
  room(): Promise<void>;
  /** Records will be delivered again, or to somebody else. @param partitions default: all */
  forget(partitions?: readonly TopicPartition[]): void;
  /** null where nothing stands in the way. */
  readonly fault: string | null;
  stop(): Promise<void>;
}

export interface LaneDeps {
  readonly held: Held;
  /**
   * Find the persons of records that were left, publish them, and raise the offsets that they held back.
   * @throws what stands in the way; then all of it is done again
   */
  readonly settleAside: (items: readonly Decoded[], signal: AbortSignal) => Promise<void>;
  readonly metrics: ResolverMetrics;
  readonly logger: Logger;
  /** Fields of components that a round decides on; default {@link MOST_FIELDS}. */
  readonly mostFields?: number;
}

/**
 * More than this is no work for a round: some milliseconds. More than 500 moved identifiers always have it: each has a
 * field, and the component that they move to has no fewer.
 */
const MOST_FIELDS = 1_000;
/** What waits is read again after a kill, and is held in memory. */
const MOST_RECORDS = 2_000;
const REST_MS = 200;
const AGAIN_MS = 1_000;

export function createLane({ held, settleAside, metrics, logger, mostFields = MOST_FIELDS }: LaneDeps): Lane {
  const queue = createQueue<Decoded>(REST_MS, () => performance.now());
  const stopping = new AbortController();
  const { signal } = stopping;
  let fault: string | null = null;
  let running: Promise<void> | null = null;
  let nap = new AbortController();
  let roomy = Promise.withResolvers<void>();

  function told(): void {
    metrics.aside.set(held.size);
    if (held.size >= MOST_RECORDS) return;
    roomy.resolve();
    roomy = Promise.withResolvers();
  }

  /** @returns how long it took, in milliseconds */
  async function work(items: readonly Decoded[]): Promise<number> {
    const began = performance.now();
    try {
      const wanted = items.filter(({ record }) => held.has(record));
      if (wanted.length > 0) await settleAside(wanted, signal);
      queue.done();
      fault = null;
    } catch (error) {
      const isStale = error instanceof StaleRules;
      queue.failed(isStale ? 0 : AGAIN_MS);
      if (!isStale && !signal.aborted) {
        fault = reasonOf(error);
        logger.warn({ err: error }, 'records that were set aside wait, trying again');
      }
    }
    told();
    return performance.now() - began;
  }

  /** Until nothing waits. Of the time it takes no more than half: the rest is the rounds'. */
  async function run(): Promise<void> {
    while (!signal.aborted && queue.dueIn < Number.POSITIVE_INFINITY) {
      const due = queue.next();
      if (due !== null) await pause(await work(due.items), signal);
      else {
        nap = new AbortController();
        await pause(queue.dueIn, nap.signal);
      }
    }
  }

  function wake(): void {
    running ??= run().finally(() => {
      running = null;
      if (!signal.aborted && queue.dueIn < Number.POSITIVE_INFINITY) wake();
    });
  }

  return {
    holds: queue.holds,
    leaves: (workspace, { components }, fields) => fields > mostFields || queue.isAt(workspace, components),
    take(workspace, { items, places }) {
      const added = items.filter(({ record }) => held.add(record));
      if (added.length === 0) return;
      queue.add(workspace, added, places);
      told();
      nap.abort(); // it may be due before what is waited for
      wake();
    },
    async room() {
      while (held.size >= MOST_RECORDS && !signal.aborted) await roomy.promise;
      if (signal.aborted) throw new OutOfPlace('the lane is closed');
    },
    forget(partitions) {
      held.forget(partitions);
      queue.keep(({ record }) => held.has(record));
      told();
    },
    get fault() {
      return fault;
    },
    async stop() {
      stopping.abort();
      nap.abort();
      roomy.resolve();
      await running;
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.ceil(ms), undefined, { signal }).catch(() => undefined);
}
