import type { EventLog, LogBatch, LogPosition, SubscribeOptions, Subscription, TopicPartition } from '@kenal/contracts';

/** What one member of a group saw, and a way to wait for it. */
export interface Gathering {
  readonly batches: LogBatch[];
  readonly revoked: TopicPartition[];
  readonly errors: unknown[];
  /** Record values as text, in order of delivery. */
  values(): string[];
  partitions(): Set<number>;
  /** Resolves when the condition holds; asked after each event. */
  until(condition: () => boolean, what: string): Promise<void>;
  /** Ask the waiting conditions again. */
  happened(): void;
  readonly subscription: Subscription;
}

type Options = Partial<SubscribeOptions> & {
  readonly group: string;
  readonly topic: string;
  /** Commit after each batch. */
  readonly committing?: boolean;
};

const PATIENCE_MS = 30_000;

export async function gather(log: EventLog, options: Options): Promise<Gathering> {
  const { topic, committing = false, ...wanted } = options;
  const batches: LogBatch[] = [];
  const revoked: TopicPartition[] = [];
  const errors: unknown[] = [];
  const waiters = new Set<() => void>();
  const happened = (): void => {
    for (const waiter of waiters) waiter();
  };
  const ready = Promise.withResolvers<Subscription>();
  const subscription = await log.subscribe({
    topics: [topic],
    maxBatchRecords: 10,
    ...wanted,
    async onBatch(batch) {
      await wanted.onBatch?.(batch);
      batches.push(batch);
      if (committing) await (await ready.promise).commit([nextOf(batch)]);
      happened();
    },
    async onRevoked(partitions) {
      await wanted.onRevoked?.(partitions);
      revoked.push(...partitions);
      happened();
    },
    onError(error) {
      errors.push(error);
      happened();
    },
  });
  ready.resolve(subscription);
  return {
    batches,
    revoked,
    errors,
    subscription,
    happened,
    values: () => batches.flatMap(({ records }) => records.map(({ value }) => textOf(value))),
    partitions: () => new Set(batches.map(({ partition }) => partition)),
    until: (condition, what) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiters.delete(check);
          reject(new Error(`not within ${PATIENCE_MS} ms: ${what}; errors: ${errors.map(String).join('; ')}`));
        }, PATIENCE_MS);
        const check = (): void => {
          if (!condition()) return;
          clearTimeout(timer);
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
  };
}

export function nextOf({ topic, partition, records }: LogBatch): LogPosition {
  return { topic, partition, offset: (records.at(-1)?.offset ?? -1) + 1 };
}

export function textOf(value: Uint8Array): string {
  return Buffer.from(value).toString('utf8');
}
