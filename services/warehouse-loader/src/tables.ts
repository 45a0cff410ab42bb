/** The base tables that the loader writes, in the order in which a flush writes them. */
export const TABLES = {
  failed: 'kenal.failed_rows',
  counts: 'kenal.receipt_counts',
  receipts: 'kenal.receipts',
  identifiers: 'kenal.identifier_rows',
  profiles: 'kenal.profile_rows',
  interactions: 'kenal.interaction_rows',
} as const;

export type TableKey = keyof typeof TABLES;
export const TABLE_KEYS = Object.keys(TABLES) as readonly TableKey[];

/** A row and the log record that it came from. */
export interface Row {
  /** JSON, ended by a newline. */
  readonly line: string;
  readonly origin: Origin;
}

/** A log record, kept until its rows are stored: what cannot be stored becomes a failed event with these bytes. */
export interface Origin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: Uint8Array;
}

/** Columns that the engine must be told because it does not take them by default. */
export const COLUMNS: Partial<Record<TableKey, readonly string[]>> = {
  failed: [
    ...['workspace', 'failure_id', 'source', 'message_id', 'received_at', 'failed_at', 'stage', 'code', 'path'],
    ...['reason', 'body_base64', 'content_type'],
  ],
};
