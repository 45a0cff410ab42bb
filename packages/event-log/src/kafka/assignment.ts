import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredRecord, SubscribeOptions, TopicPartition } from '@kenal/contracts';
import { type Flow, type OwnedPartition, openPartition } from './partition.ts';

interface Options {
  readonly wanted: SubscribeOptions;
  /** Where the group stands; a partition without a committed position stands at its earliest record. */
  readonly standing: (partitions: readonly TopicPartition[]) => Promise<ReadonlyMap<string, number>>;
  readonly flowOf: (at: TopicPartition) => Flow;
}

/** The partitions that a member has now. */
export interface Assignment {
  /** The group has given these; all others are gone. Opens them when the former have ended and `startAt` has spoken. */
  assign(partitions: readonly TopicPartition[]): void;
  /** Let batches in flight end, then let the user flush and commit. Repeated calls wait for the same end. */
  close(): Promise<void>;
  /** As `close`, and nothing is opened any more. */
  end(): Promise<void>;
  /** Deliver again from where the group stands, or from what `startAt` says. */
  rewind(): Promise<void>;
  /** Whether this member may commit for it: until the next assignment, also while it is being closed. */
  owns(at: TopicPartition): boolean;
  /** False where it is not open: then the fetch must not count as read. */
  take(at: TopicPartition, records: () => StoredRecord[], highWatermark: number): boolean;
  /** Partitions that have had nothing to deliver for `ms`. */
  waiting(ms: number): readonly OwnedPartition[];
}

const RETRY_MS = 200;

export function createAssignment({ wanted, standing, flowOf }: Options): Assignment {
  const onError = wanted.onError ?? (() => {});
  const open = new Map<string, OwnedPartition>();
  let owned = new Set<string>();
  let round = 0;
  let closing: Promise<void> = Promise.resolve();
  let placing: Promise<void> = Promise.resolve();

  /** One after the other: the user's idea of where a partition stands is that of the last `startAt`, and so must ours be. */
  const inTurn = (place: () => Promise<void>): Promise<void> => {
    const placed = placing.then(place);
    placing = placed.catch(() => {});
    return placed;
  };
  const startsOf = async (partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>> => {
    const starts = (await wanted.startAt?.(partitions)) ?? [];
    return new Map(starts.map((start) => [nameOf(start), start.offset]));
  };
  const close = (): Promise<void> => {
    const ending = [...open.values()];
    open.clear();
    if (ending.length > 0) {
      closing = closing.then(async () => {
        await Promise.all(ending.map((one) => one.stop()));
        await wanted.onRevoked?.(ending.map(({ topic, partition }) => ({ topic, partition }))).catch(onError);
      });
    }
    return closing;
  };
  const settle = async (mine: number, assigned: readonly TopicPartition[]): Promise<void> => {
    await close();
    const place = async (): Promise<void> => {
      if (mine !== round) return;
      const starts = await startsOf(assigned);
      if (mine !== round) return;
      owned = new Set(assigned.map(nameOf));
      for (const at of assigned)
        open.set(nameOf(at), openPartition(at, starts.get(nameOf(at)) ?? null, flowOf(at), wanted));
    };
    while (mine === round) {
      try {
        return await inTurn(place);
      } catch (error) {
        onError(error);
        await sleep(RETRY_MS);
      }
    }
  };

  return {
    assign(partitions) {
      void settle(++round, partitions);
    },
    close,
    async end() {
      round++;
      await close();
      owned.clear();
    },
    rewind: () =>
      inTurn(async () => {
        const now = [...open.values()];
        const starts = new Map([...(await standing(now)), ...(await startsOf(now))]);
        for (const one of now) {
          const next = starts.get(nameOf(one));
          if (next !== undefined && open.get(nameOf(one)) === one) one.seek(next);
        }
      }),
    owns: (at) => owned.has(nameOf(at)),
    take(at, records, highWatermark) {
      const to = open.get(nameOf(at));
      to?.take(records(), highWatermark);
      return to !== undefined;
    },
    waiting: (ms) => [...open.values()].filter((one) => one.isIdleSince(performance.now() - ms)),
  };
}

export function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
