import type { RowShape } from '@kenal/warehouse';
import { identifierRows, identityLogRows, profileRows } from './steps/change-rows.ts';
import { copyTimeRows } from './steps/copy-times.ts';
import { directiveRows } from './steps/directive-rows.ts';
import { interactionRows } from './steps/interaction-row.ts';
import { countRows, failedChangeRows, failedRows, receiptRows } from './steps/ledger-rows.ts';
import { readRows } from './steps/read-rows.ts';
import { recordRows } from './steps/record-rows.ts';

/** A base table, and what makes its rows. */
export interface Table {
  readonly name: string;
  readonly shape: RowShape;
}

/** The base tables that the loader writes, in the order in which a flush writes them. */
export const TABLES = {
  directives: { name: 'kenal.directive_rows', shape: directiveRows },
  failed: { name: 'kenal.failed_rows', shape: failedRows },
  failedChanges: { name: 'kenal.failed_change_rows', shape: failedChangeRows },
  counts: { name: 'kenal.receipt_counts', shape: countRows },
  receipts: { name: 'kenal.receipts', shape: receiptRows },
  identifiers: { name: 'kenal.identifier_rows', shape: identifierRows },
  steps: { name: 'kenal.identity_log_rows', shape: identityLogRows },
  profiles: { name: 'kenal.profile_rows', shape: profileRows },
  // Before the rows: whoever has one has its times
  copyTimes: { name: 'kenal.copy_times', shape: copyTimeRows },
  records: { name: 'kenal.record_words', shape: recordRows },
  reads: { name: 'kenal.read_rows', shape: readRows },
  interactions: { name: 'kenal.interaction_rows', shape: interactionRows },
} as const satisfies Readonly<Record<string, Table>>;

export type TableKey = keyof typeof TABLES;
export const TABLE_KEYS = Object.keys(TABLES) as readonly TableKey[];

/** A row and the log record that it came from. */
export interface Row {
  readonly bytes: Uint8Array;
  readonly origin: Origin;
}

/** A log record, kept until its rows are stored: what cannot be stored becomes a failed event with these bytes. */
export interface Origin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: Uint8Array;
}
