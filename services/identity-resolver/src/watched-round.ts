import type { LogBatch, TopicPartition } from '@kenal/contracts';
import { Gap, OutOfPlace, type Positions, StateLostTail } from './positions.ts';
import type { ResolverMetrics } from './resolver-metrics.ts';
import { reasonOf } from './work.ts';

/** Processes rounds, and knows what stands in the way of their partitions now. */
export interface WatchedRound {
  /** @throws what the pipeline throws; then nothing was acknowledged */
  process(batches: readonly LogBatch[]): Promise<void>;
  /** Nothing of these partitions concerns this process any more. */
  forget(partitions: readonly TopicPartition[]): void;
  /** null where nothing stands in the way. */
  readonly fault: string | null;
}

export interface WatchedRoundDeps {
  readonly positions: Positions;
  readonly pipeline: (batches: readonly LogBatch[]) => Promise<void>;
  /** What the state has lost, or the log has left out, must be read again. */
  readonly rewind: (error: StateLostTail | Gap) => Promise<void>;
  readonly metrics: ResolverMetrics;
}

export function createWatchedRound({ positions, pipeline, rewind, metrics }: WatchedRoundDeps): WatchedRound {
  const faults = new Map<number, string>();
  return {
    async process(batches) {
      const took = metrics.seconds.startTimer();
      try {
        for (const batch of batches) await positions.accept(batch);
        await pipeline(batches);
        for (const { partition } of batches) faults.delete(partition);
      } catch (error) {
        // A batch from before a rewind or a rebalance stands in nobody's way
        if (!(error instanceof OutOfPlace)) for (const { partition } of batches) faults.set(partition, reasonOf(error));
        if (error instanceof StateLostTail || error instanceof Gap) await rewind(error);
        throw error;
      }
      took();
      for (const { partition, records, highWatermark } of batches)
        metrics.lag.set({ partition: String(partition) }, highWatermark - records.at(-1)!.offset - 1);
    },
    forget(partitions) {
      positions.forget(partitions);
      for (const { partition } of partitions) faults.delete(partition);
    },
    get fault() {
      return faults.values().next().value ?? null;
    },
  };
}
