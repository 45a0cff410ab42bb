import type { LinkageModel } from '@kenal/contracts';
import type { Contribution, RecordColumn } from '@kenal/identity/linkage';
import type { Doubt } from './doubt.ts';

/** `workerData` of the thread. */
export interface LinkageThreadData {
  readonly columns: readonly RecordColumn[];
  readonly seed: number;
  /** Weigh under this one; null: learn. */
  readonly model: LinkageModel | null;
  /** The largest model that can be stored, in bytes of JSON. */
  readonly modelBytes: number;
}

/** A row of the table: its owner as a number that the job gives, and its cells in the order of the columns. */
export interface TableRow {
  readonly owner: number;
  readonly cells: readonly string[];
}

/** What the job asks. */
export type Asked =
  | { readonly ask: 'add'; readonly rows: readonly TableRow[] }
  | { readonly ask: 'link' }
  | { readonly ask: 'keys' }
  | { readonly ask: 'pairs' };

/** Two owners, and their two records that are most likely one person's. */
export interface OwnerPair {
  readonly owners: readonly [number, number];
  /** Rows of the two records. */
  readonly rows: readonly [number, number];
  /** Log2 odds. */
  readonly score: number;
  readonly probability: number;
  /** Null: sure enough to be joined by nobody's hand, as far as the records tell. */
  readonly doubt: Doubt | null;
  readonly waterfall: readonly Contribution[];
}

export interface RowKeys {
  readonly row: number;
  readonly keys: readonly string[];
}

/** Answer to each question; `keys` and `pairs` end with an empty list. */
export type Answers = {
  readonly add: null;
  readonly link: { readonly model: LinkageModel; readonly candidates: number };
  readonly keys: readonly RowKeys[];
  readonly pairs: readonly OwnerPair[];
};
