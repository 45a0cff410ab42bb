import type { LogPosition, TopicPartition, TopicSpec } from '@kenal/contracts';

/** Packed records of one partition. */
export interface PackedPart {
  readonly partition: number;
  readonly count: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Who asks: one subscription of one opened log. */
export interface Membership {
  readonly group: string;
  /** Unique over all processes. */
  readonly member: string;
}

/** What the writer thread is asked; the answer type of each is in {@link Answers}. */
export type Request =
  | { readonly kind: 'ensure'; readonly topics: readonly TopicSpec[] }
  | { readonly kind: 'append'; readonly topic: string; readonly parts: readonly PackedPart[] }
  | ({ readonly kind: 'join'; readonly topics: readonly string[] } & Membership)
  | ({ readonly kind: 'release'; readonly partitions: readonly TopicPartition[] } & Membership)
  | ({ readonly kind: 'leave' } & Membership)
  | ({ readonly kind: 'commit'; readonly positions: readonly LogPosition[] } & Membership)
  | { readonly kind: 'committed'; readonly group: string; readonly topics: readonly string[] }
  | { readonly kind: 'close' };

export interface Answers {
  ensure: null;
  /** Base offset of each part. */
  append: number[];
  join: null;
  release: null;
  leave: null;
  commit: null;
  committed: LogPosition[];
  close: null;
}

export type Envelope = Request & { readonly id: number };

/** As it crosses threads: a damaged file is told from what may pass. */
export interface WriterFault {
  readonly isDamage: boolean;
  readonly reason: string;
}

/** What the writer thread says: answers to requests, or a new assignment of a member. */
export type Reply =
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly fault: WriterFault }
  | ({ readonly kind: 'assignment' } & Assignment);

/** Partitions of a member as the group's table says now. */
export interface Assignment {
  readonly member: string;
  readonly owned: readonly TopicPartition[];
  /** Those of `owned` that another member waits for. */
  readonly toRelease: readonly TopicPartition[];
}

/** What threads of one process tell each other over a BroadcastChannel; other processes find out by polling. */
export type Wakeup = { readonly appended: readonly string[] } | { readonly regrouped: string };

export interface WriterOptions {
  readonly logDir: string;
  readonly channel: string;
  /** A member that was silent for so long has lost its partitions. */
  readonly leaseMs: number;
  readonly retentionCheckMs: number;
}
