import { setTimeout as sleep } from 'node:timers/promises';
import type { TopicPartition } from '@kenal/contracts';
import type { Places } from '@kenal/identity';
import type { Logger } from '@kenal/service-kit';
import type { Effort, LaneDoor } from '../deciding/effort.ts';
import type { Left } from '../deciding/settle.ts';
import { StaleRules } from '../positions.ts';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import { type Decoded, reasonOf } from '../work.ts';
import type { Held } from './held.ts';
import { createQueue } from './queue.ts';
import { createRoom } from './room.ts';
import { createTasks, type Task, type Work } from './tasks.ts';

/** What is too much work for a round, or fought over: decided beside the rounds, which go on meanwhile. */
export interface Lane extends LaneDoor {
  /** Before the offsets of the round are raised. */
  take(workspace: string, left: Left<Decoded>): void;
  /**
   * Do something else in the lane's turn, before the records that hang on the same: again where it throws.
   * @returns false where it was forgotten before it was done
   */
  run(workspace: string, places: Places, work: Work): Promise<boolean>;
  /** Resolves when the lane is not full. @throws OutOfPlace where it ends before */
  room(): Promise<void>;
  /** Records will be delivered again, or to somebody else. @param partitions default: all, and whatever else waits */
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
  readonly settleAside: (items: readonly Decoded[], effort: Effort) => Promise<void>;
  readonly metrics: ResolverMetrics;
  readonly logger: Logger;
  /** Fields of components that a round decides on; default {@link MOST_FIELDS}. */
  readonly mostFields?: number | undefined;
}

/**
 * More than this is no work for a round: some milliseconds. More than 500 moved identifiers always have it: each has a
 * field, and the component that they move to has no fewer.
 */
const MOST_FIELDS = 1_000;
const REST_MS = 200;
/** As long as it takes, with pauses in which rounds go on. */
const PATIENCE = { lane: null, mostLosses: Number.POSITIVE_INFINITY, givesWay: true };
const AGAIN_MS = 1_000;

export function createLane({ held, settleAside, metrics, logger, mostFields = MOST_FIELDS }: LaneDeps): Lane {
  const queue = createQueue<Decoded | Task>(REST_MS, () => performance.now());
  const stopping = new AbortController();
  const { signal } = stopping;
  const tasks = createTasks();
  const room = createRoom(held, metrics, signal);
  const isWanted = (item: Decoded | Task): boolean => ('record' in item ? held.has(item.record) : tasks.has(item));
  const patience: Effort = { ...PATIENCE, signal, reaches: queue.reaches };
  let fault: string | null = null;
  let running: Promise<void> | null = null;
  let nap = new AbortController();

  /** @returns how long it took, in milliseconds */
  async function work(items: readonly (Decoded | Task)[]): Promise<number> {
    const began = performance.now();
    try {
      for (const task of items) if (!('record' in task)) await tasks.run(task, patience);
      const wanted = items.filter((item) => 'record' in item).filter(isWanted);
      if (wanted.length > 0) await settleAside(wanted, patience);
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
    room.told();
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

  function enqueue(workspace: string, items: readonly (Decoded | Task)[], places: Places): void {
    queue.add(workspace, items, places);
    room.told();
    nap.abort(); // it may be due before what is waited for
    wake();
  }

  return {
    holds: queue.holds,
    leaves: (workspace, { components }, fields) => fields > mostFields || queue.isAt(workspace, components),
    take(workspace, { items, places }) {
      const added = items.filter(({ record }) => held.add(record));
      if (added.length > 0) enqueue(workspace, added, places);
    },
    run(workspace, places, work) {
      if (signal.aborted) return Promise.resolve(false);
      const task = tasks.add(work);
      enqueue(workspace, [task], places);
      return task.done.promise;
    },
    room: room.wait,
    forget(partitions) {
      held.forget(partitions);
      if (partitions === undefined) tasks.drop();
      queue.keep(isWanted);
      room.told();
    },
    get fault() {
      return fault;
    },
    async stop() {
      stopping.abort();
      nap.abort();
      await running;
      tasks.drop();
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.ceil(ms), undefined, { signal }).catch(() => undefined);
}
