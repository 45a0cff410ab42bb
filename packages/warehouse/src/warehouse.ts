import type { Readable } from 'node:stream';
import type { RowShape } from './rows/row-encoder.ts';

/**
 * `reader`: Kenal's own questions; the engine itself refuses to write; several at a time, with limits. `analyst`: the same for
 * statements of strangers, on sessions of their own, so that no reader waits for them. `writer`: one at a time.
 */
export type Role = 'reader' | 'analyst' | 'writer';

/** Settings of ClickHouse by name. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

export interface QueryOptions {
  /** Values of `{name:Type}` placeholders; bound by the engine, never put into the text. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** The same for values that came as `param_x` over HTTP, in the escaped form that ClickHouse's interface has for them. */
  readonly urlParams?: Readonly<Record<string, string>>;
  /** Whose rows the views show; without it they are empty. */
  readonly workspace?: string;
  /** Default `reader`. */
  readonly role?: Role;
  readonly settings?: Settings;
  /** Where it fires the caller is let go at once, and the engine ends what it has begun, unless that writes. */
  readonly signal?: AbortSignal;
}

export interface RawOptions extends QueryOptions {
  /** Output format where the statement names none; default TabSeparated. */
  readonly format?: string;
  readonly queryId?: string;
  /**
   * Give the bytes while the engine still works, in process: a statement that fails late then fails the stream. A server
   * gives its answer when it is whole in any case, so that it can tell a failure instead.
   */
  readonly inPieces?: boolean;
}

/** An answer as the engine wrote it, in whatever format was asked for. */
export interface RawAnswer {
  readonly stream: Readable;
  readonly queryId: string;
  /** Format of the bytes. */
  readonly format: string;
  /** Time zone of the engine, IANA name. */
  readonly timezone: string;
  /**
   * As in `X-ClickHouse-Summary`: read_rows, read_bytes, result_rows, result_bytes, elapsed_ns …, numbers as text. With
   * `inPieces` they grow with the stream; in process what was read counts as what came out.
   */
  readonly summary: Readonly<Record<string, string>>;
}

/**
 * ClickHouse: a server, or the engine in this process. The same SQL, the same answers.
 * Errors of every verb: {@link SqlError} where the engine refuses or fails, `unavailable` (retryable) where it cannot be
 * reached, `overloaded` (retryable) where too many wait, the signal's reason where the caller gave up.
 */
export interface Warehouse {
  /** Rows as objects: 64-bit numbers as numbers, decimals as strings, JSON columns as objects. */
  query<T>(sql: string, options?: QueryOptions): Promise<T[]>;
  /** The answer of any statement in any format, as bytes. */
  raw(sql: string, options?: RawOptions): Promise<RawAnswer>;
  /**
   * Insert many rows, as bytes (`createRowEncoder`); durable when it resolves.
   * @param table with its database: `kenal.interaction_rows`
   */
  insertRows(table: string, shape: RowShape, rows: readonly Uint8Array[]): Promise<void>;
  /** The same for a few rows as objects. */
  insert(table: string, rows: readonly object[]): Promise<void>;
  /** The statement as ClickHouse's own parser sees it (EXPLAIN AST), one node a line, indented by its depth. */
  parseAst(sql: string): Promise<string>;
  /** Bring the schema up to date. @returns names of the files that were applied now */
  migrate(): Promise<readonly string[]>;
  /** @throws `unavailable` where it does not answer */
  ping(): Promise<void>;
  /** Wait for what runs, then let go of the data. */
  close(): Promise<void>;
}
