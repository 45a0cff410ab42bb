import type { IdentifierKey } from '../identifier.ts';

/** What one source says of one owner: the unit of the probabilistic pass. */
export interface RecordName {
  readonly owner: IdentifierKey;
  readonly source: string;
}

/** A record and the names of the blocks in which it is to be found (`candidateKeys` of `@kenal/identity/linkage`). */
export interface IndexedRecord extends RecordName {
  readonly keys: readonly string[];
  /** It came while the index was being filled under a model that is not in force yet, and is to be weighed once it is. */
  readonly isLate?: boolean;
}

export interface Found {
  /** Records that share a block, each once, in the order of (owner, source). */
  readonly records: readonly RecordName[];
  /** Blocks among those asked for that have become too large to say anything. */
  readonly oversize: number;
}

/**
 * Which records may be one person, by blocking keys; one index for each model of a workspace. It holds nothing that cannot
 * be filled again by a full pass. Adapters: SQLite on one machine, Redis on many.
 * Errors: `unavailable` (retryable).
 */
export interface CandidateIndex {
  /** Begin an index where there is none of this model. */
  begin(workspace: string, model: string): Promise<void>;
  /** Models that have an index, in the order of their names. */
  models(workspace: string): Promise<readonly string[]>;
  /**
   * From now on each record is found by exactly these keys, and is late only where it says so. A block that grows beyond the
   * limit of the index is emptied and stays so. Where the model has no index this does nothing.
   */
  put(workspace: string, model: string, records: readonly IndexedRecord[]): Promise<void>;
  look(workspace: string, model: string, keys: readonly string[]): Promise<Found>;
  /** Some of the late records, at most `limit`. */
  late(workspace: string, model: string, limit: number): Promise<readonly RecordName[]>;
  /** Drop the indexes of all other models. */
  retain(workspace: string, models: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
