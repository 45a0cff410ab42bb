import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogBatch, StoredRecord } from '@kenal/contracts';

/** Delivers one partition's records, one batch at a time, to a member that owns it. */
export interface Delivery {
  readonly topic: string;
  readonly partition: number;
  /** There may be new records. */
  wake(): void;
  /** Continue at `offset` when the batch in flight has ended, whatever became of it. */
  seek(offset: number): void;
  /** True where nothing is being delivered, tried again or read. */
  idle(): boolean;
  /** No further batch; resolves when the one in flight has ended. */
  stop(): Promise<void>;
}

interface Options {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly maxBatchRecords: number;
  /** Records from `offset` on; it may return more than a batch takes: they are kept. */
  readonly read: (offset: number, records: number) => readonly StoredRecord[];
  /** Offset that the next record will get. */
  readonly end: () => number;
  readonly onBatch: (batch: LogBatch) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

const BACKOFF_MS = [50, 100, 200, 500, 1_000, 2_000] as const;

export function createDelivery(options: Options): Delivery {
  const { topic, partition } = options;
  let offset = options.offset;
  let ahead: readonly StoredRecord[] = [];
  let epoch = 0;
  let stopped = false;
  let active = false;
  let running = Promise.resolve();
  let woken = false;
  let endBackoff = (): void => {};

  const nextBatch = (): readonly StoredRecord[] => {
    if (ahead.length === 0) ahead = options.read(offset, options.maxBatchRecords);
    return ahead.length <= options.maxBatchRecords ? ahead : ahead.slice(0, options.maxBatchRecords);
  };
  const backOff = (failures: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, BACKOFF_MS[Math.min(failures, BACKOFF_MS.length) - 1]);
      endBackoff = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!stopped) {
      woken = false;
      const before = epoch;
      try {
        const records = nextBatch();
        const last = records.at(-1);
        if (last === undefined) {
          if (woken) continue;
          break;
        }
        await options.onBatch({ topic, partition, records, highWatermark: Math.max(options.end(), last.offset + 1) });
        failures = 0;
        if (epoch === before) {
          ahead = ahead.slice(records.length);
          offset = last.offset + 1;
        }
      } catch (error) {
        options.onError(error);
        if (epoch === before && !stopped) await backOff(++failures);
      }
      // A handler that never waits for I/O must not keep timers and sockets waiting.
      await nextTurn();
    }
    active = false;
    if (woken && !stopped) start();
  };
  const start = (): void => {
    if (active) return;
    active = true; // before `run`: it may end in this same turn
    running = run();
  };

  return {
    topic,
    partition,
    wake() {
      woken = true;
      if (!stopped) start();
    },
    seek(to) {
      offset = to;
      ahead = [];
      epoch++;
      endBackoff();
      this.wake();
    },
    idle: () => !active,
    async stop() {
      stopped = true;
      endBackoff();
      await running;
    },
  };
}
