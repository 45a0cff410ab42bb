/** A record to append. Records with one key keep their order; a null key goes anywhere. */
export interface LogRecord {
  readonly key: string | null;
  readonly value: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A place in the log. As a position to commit it is the offset of the *next* record to read. */
export interface LogPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface StoredRecord extends LogRecord, LogPosition {
  /** When the log took it, milliseconds since 1970. */
  readonly timestamp: number;
}

/** Records of one partition in offset order; never empty. */
export interface LogBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly StoredRecord[];
  /** Offset that the next record of the partition will get; lag = this − last offset − 1. */
  readonly highWatermark: number;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** 0 keeps for ever. */
  readonly retentionMs: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface PartitionRange extends TopicPartition {
  /** Offset of the first record that is still there. */
  readonly earliest: number;
  /** Offset that the next record will get. */
  readonly latest: number;
}

export interface SubscribeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** Upper bound of records in one batch. */
  readonly maxBatchRecords: number;
  /**
   * Called with the partitions that this member was just given, before any of their records is delivered.
   * A returned position replaces the group's committed one for its partition (the resolver rewinds with it).
   * @returns positions; a partition that is left out starts at the committed offset, or at the earliest record
   */
  readonly startAt?: (assigned: readonly TopicPartition[]) => Promise<readonly LogPosition[]>;
  /**
   * Takes the records of one partition. The next batch of the same partition waits for it (that is the back-pressure);
   * other partitions may be delivered meanwhile. Where it rejects, the same records are delivered again after a back-off.
   * It commits nothing: that is {@link Subscription.commit}.
   */
  readonly onBatch: (batch: LogBatch) => Promise<void>;
  /** Called before partitions are taken away (rebalance, stop): flush and commit what is buffered. */
  readonly onRevoked?: (revoked: readonly TopicPartition[]) => Promise<void>;
  /** A fault that the adapter retries by itself. */
  readonly onError?: (error: unknown) => void;
}

/** A member of a consumer group. */
export interface Subscription {
  /** Commit positions of the group, durably. A position of a partition that this member no longer has is ignored. */
  commit(positions: readonly LogPosition[]): Promise<void>;
  /** Deliver again from what `startAt` now says, without leaving the group (the state has lost a tail). */
  rewind(): Promise<void>;
  /** Finish batches in flight, call onRevoked, leave the group. */
  stop(): Promise<void>;
}

/**
 * The event log: durable, partitioned, replayable. Adapters: SQLite on one machine, Kafka on many.
 * Errors: `log_unavailable` (retryable) where the log does not take or give records now.
 */
export interface EventLog {
  /** Create topics that are missing; those that exist take over the retention, and keep their partition count. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  /**
   * Append records; resolves when they are durable (fsync, or acks=all), rejects where they may not be.
   * @returns their positions, in the order of `records`
   */
  append(topic: string, records: readonly LogRecord[]): Promise<readonly LogPosition[]>;
  /** Read without a group, from `offset` on (or the earliest that is left): replay, tail, look-up. Empty at the end. */
  read(from: LogPosition, limit: { readonly records: number }): Promise<readonly StoredRecord[]>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** First and next offset of each partition; empty for an unknown topic. */
  ranges(topic: string): Promise<readonly PartitionRange[]>;
  /** Committed position of the group in each partition of the topics; a partition without one is left out. */
  committed(group: string, topics: readonly string[]): Promise<readonly LogPosition[]>;
  close(): Promise<void>;
}
