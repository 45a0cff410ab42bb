import type { IdentifierKey } from '../identifier.ts';
import type { Micros } from '../time.ts';

/**
 * One connected component of identity evidence as a versioned map of named fields.
 * What the fields mean is the business of `@kenal/identity`; the state only keeps, moves and compares.
 */
export interface ComponentSnapshot {
  readonly id: string;
  /** Raised by 1 with every commit; 0 = does not exist. */
  readonly version: number;
  readonly fields: ReadonlyMap<string, string>;
}

export interface LoadedState {
  /** Clock of the state store, at or after the load began. */
  readonly now: Micros;
  /** Component of each asked identifier that has one. */
  readonly pointers: ReadonlyMap<IdentifierKey, string>;
  readonly components: ReadonlyMap<string, ComponentSnapshot>;
}

/** The write of one component. Applied whole or not at all. */
export interface ComponentCommit {
  /** The component that has everything afterwards; may be new. */
  readonly target: string;
  /** Version seen of each component that is joined, the target's among them (0 where it is new). */
  readonly expect: ReadonlyMap<string, number>;
  /** Identifiers that pointed nowhere when loaded and must still do so. */
  readonly absent: readonly IdentifierKey[];
  /** Components whose fields move into the target; they are gone afterwards. */
  readonly absorb: readonly string[];
  readonly set: ReadonlyMap<string, string>;
  readonly unset: readonly string[];
  /** Identifiers that point to the target from now on: new ones, and all of the absorbed components. */
  readonly point: readonly IdentifierKey[];
  /** Profile ids first issued by this commit → their anchor identifier; kept for ever. */
  readonly issued: ReadonlyMap<string, IdentifierKey>;
  /** Messages to relay to the change topic in commit order, opaque here. */
  readonly outbox: readonly OutboxMessage[];
}

export interface OutboxMessage {
  readonly key: string;
  readonly value: Uint8Array;
}

/** Offset of the next interaction to process, per workspace and partition of the interactions topic. */
export interface ProcessedOffset {
  readonly workspace: string;
  readonly partition: number;
  readonly offset: number;
  /**
   * Of {@link IdentityState.advance}: raise only where at least this stands there. A state that has lost a tail is then
   * never told that it has what it lost, not even by a caller that is killed before it notices. Default: any.
   */
  readonly atLeast?: number;
}

/**
 * Where identity evidence and assignments live. Adapters: SQLite on one machine, Redis on many.
 * Errors: `unavailable` (retryable).
 */
export interface IdentityState {
  /** Components of all identifiers that have one, whole, and the store's clock. */
  load(workspace: string, identifiers: readonly IdentifierKey[]): Promise<LoadedState>;
  /**
   * Apply each commit atomically and independently, in order: compare versions and absences, then write.
   * @returns for each, whether it was applied; false = lost the race, load again
   */
  commit(workspace: string, commits: readonly ComponentCommit[]): Promise<readonly boolean[]>;
  /** Anchor identifier of a profile id that was ever issued, or null. */
  anchor(workspace: string, profileId: string): Promise<IdentifierKey | null>;
  /**
   * Raise processed offsets (monotone maximum), each only where at least its `atLeast` stands there.
   * @returns what stood there before each raise, -1 where nothing did: lower than the caller's own last raise = the state lost a tail
   */
  advance(offsets: readonly ProcessedOffset[]): Promise<readonly number[]>;
  /** Processed offset of each (workspace, partition) asked for; -1 where there is none. */
  processed(workspaces: readonly string[], partitions: readonly number[]): Promise<readonly ProcessedOffset[]>;
  /**
   * Relay a workspace's outbox in commit order: take the lease (one holder at a time, it expires by itself), hand at most
   * `limit` messages to `send`, drop them once `send` has resolved. Nothing is dropped where `send` rejects.
   * @returns how many were sent; 0 where it is empty or another holder has the lease
   */
  relay(
    workspace: string,
    holder: string,
    limit: number,
    send: (messages: readonly OutboxMessage[]) => Promise<void>,
  ): Promise<number>;
  close(): Promise<void>;
}
