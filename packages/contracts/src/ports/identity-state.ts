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

/**
 * An identifier of which nothing is known but one link, kept apart from the component of that link's other end: thousands
 * of them may hang on one person and are not loaded with it (identity.md, f, step 3).
 */
export interface ParkedLeaf {
  /** The other end of its only link. */
  readonly centre: IdentifierKey;
  /** Its evidence; what it means is the business of `@kenal/identity`. */
  readonly text: string;
}

/** What hangs on a centre apart from its component: parked leaves, and neighbours whose link joins nobody (hubs). */
export interface ShelfEntry {
  readonly leaf: IdentifierKey;
  readonly rank: Micros;
  /** Evidence of a leaf that is parked here; null where the identifier has a component of its own. */
  readonly text: string | null;
}

/**
 * Asks for the entries of a shelf, smallest (rank, leaf) first; leaves compare by the bytes of their UTF-8. Who relies on
 * them should load the centre as well: the version of its component stands for a shelf of parked leaves.
 */
export interface ShelfQuery {
  readonly centre: IdentifierKey;
  readonly limit: number;
}

export interface Shelf {
  readonly entries: readonly ShelfEntry[];
  /** Entries that it has in all. */
  readonly size: number;
}

export interface LoadedState {
  /** Clock of the state store, at or after the load began. */
  readonly now: Micros;
  /** Processed offset of {@link DIRECTIVES_PARTITION}, -1 where there is none. */
  readonly fence: number;
  /** Component of each asked identifier that has one; a parked one has that of its centre, where the centre has one. */
  readonly pointers: ReadonlyMap<IdentifierKey, string>;
  /** Asked identifiers that are parked. */
  readonly parked: ReadonlyMap<IdentifierKey, ParkedLeaf>;
  readonly components: ReadonlyMap<string, ComponentSnapshot>;
  /** The shelves that were asked for, by centre. */
  readonly shelves: ReadonlyMap<IdentifierKey, Shelf>;
}

/**
 * The partition under which the processed offset of the directives stands. Who commits says up to where it knows them:
 * a worker that has not yet seen an erasure must not write what the erasure took away.
 */
export const DIRECTIVES_PARTITION = -1;

/** The partition under which stands how far the directives have been carried out: their effects are in the state. */
export const DIRECTIVES_APPLIED_PARTITION = -2;

/**
 * The partition under which stands how far a partition of the computed attributes has been read: their effects are in the
 * state.
 */
export const computedPlace = (partition: number): number => -10 - partition;

/** A part of a component that has nothing to do with the rest any more. */
export interface DetachedPiece {
  /** Id of the new component; never used before. Where there is one of this id the commit is not applied. */
  readonly id: string;
  /** Fields that leave the target; those that it does not have are skipped. A piece of none does not come to be. */
  readonly fields: readonly string[];
  /** Identifiers that point to the piece from now on. */
  readonly point: readonly IdentifierKey[];
}

/**
 * The write of one component. Applied whole or not at all, in this order: compare; move the fields of `absorb`, `unset`,
 * `set`; `point`; `detach`; `park`, `shelve`, `forget`; `issued`, `recall`; `outbox`. A target that ends without fields is gone.
 */
export interface ComponentCommit {
  /** The component that has everything afterwards; may be new. */
  readonly target: string;
  /** Version seen of each component that is joined, the target's among them (0 where it is new). */
  readonly expect: ReadonlyMap<string, number>;
  /** Identifiers that pointed nowhere when loaded and were not parked, and must still do so. */
  readonly absent: readonly IdentifierKey[];
  /** Components whose fields move into the target; they are gone afterwards. */
  readonly absorb: readonly string[];
  readonly set: ReadonlyMap<string, string>;
  readonly unset: readonly string[];
  /** Identifiers that point to the target from now on: new ones, all of the absorbed components, leaves that are parked no more. */
  readonly point: readonly IdentifierKey[];
  /** Fields of other components that were relied on: they must have this text still (null: not be there). */
  readonly unchanged?: readonly { readonly component: string; readonly field: string; readonly text: string | null }[];
  /** Sizes of shelves that were read whole and relied on. */
  readonly shelfSizes?: ReadonlyMap<IdentifierKey, number>;
  readonly detach?: readonly DetachedPiece[];
  /**
   * Leaves to park, or parked leaves whose evidence differs now. Their centres' component is the target, whose version
   * vouches for them. The shelf is not touched: `shelve` does that.
   */
  readonly park?: ReadonlyMap<IdentifierKey, ParkedLeaf>;
  /** Entries to put on the shelf of a centre, or to give another rank; a null rank takes one off. Of one leaf the last word counts. */
  readonly shelve?: readonly {
    readonly centre: IdentifierKey;
    readonly leaf: IdentifierKey;
    readonly rank: Micros | null;
  }[];
  /** Identifiers that are unknown from now on (erasure), and their own shelves with them. Entries on shelves of others stay. */
  readonly forget?: readonly IdentifierKey[];
  /** Issued profile ids that lead nowhere from now on (erasure). */
  readonly recall?: readonly string[];
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

/** Evidence and assignments, component by component. */
export interface ComponentStore {
  /** Components of all identifiers that have one, whole, the shelves asked for, and the store's clock. */
  load(workspace: string, identifiers: readonly IdentifierKey[], shelves?: readonly ShelfQuery[]): Promise<LoadedState>;
  /**
   * Apply each commit atomically and independently, in order: compare what it relies on, then write.
   * @param fence up to where the caller knows the directives; where the state's fence is beyond it nothing is applied.
   *   Without it none is asked for
   * @returns for each, whether it was applied; false = lost the race, load again
   */
  commit(workspace: string, commits: readonly ComponentCommit[], fence?: number): Promise<readonly boolean[]>;
  /** Anchor identifier of a profile id that was ever issued, or null. */
  anchor(workspace: string, profileId: string): Promise<IdentifierKey | null>;
  /**
   * Go through all components, some hundred at a time, in no order of meaning. One that exists from the first call to the
   * last is given at least once.
   * @param cursor null to begin, else as the last call gave it
   * @returns `cursor` null at the end; before that a page may be empty
   */
  scan(
    workspace: string,
    cursor: string | null,
  ): Promise<{ readonly components: readonly ComponentSnapshot[]; readonly cursor: string | null }>;
}

/** How far the interactions and the directives have been processed. */
export interface OffsetStore {
  /**
   * Raise processed offsets (monotone maximum), each only where at least its `atLeast` stands there.
   * @returns what stood there before each raise, -1 where nothing did: lower than the caller's own last raise = the state lost a tail
   */
  advance(offsets: readonly ProcessedOffset[]): Promise<readonly number[]>;
  /** Processed offset of each (workspace, partition) asked for; -1 where there is none. */
  processed(workspaces: readonly string[], partitions: readonly number[]): Promise<readonly ProcessedOffset[]>;
}

export interface Relayed {
  readonly sent: number;
  /** Another holder has the lease, and messages wait: nothing may be said of them yet. */
  readonly held: boolean;
}

/** Changes on their way to the log. */
export interface Outbox {
  /**
   * Relay a workspace's outbox in commit order: take the lease (one holder at a time, it expires by itself), hand at most
   * `limit` messages to `send`, drop them once `send` has resolved. Nothing is dropped where `send` rejects.
   * @returns how many were sent; none and not held = the outbox is empty
   */
  relay(
    workspace: string,
    holder: string,
    limit: number,
    send: (messages: readonly OutboxMessage[]) => Promise<void>,
  ): Promise<Relayed>;
}

/**
 * Where identity evidence and assignments live. Adapters: SQLite on one machine, Redis on many.
 * Errors: `unavailable` (retryable).
 */
export interface IdentityState extends ComponentStore, OffsetStore, Outbox {
  close(): Promise<void>;
}
