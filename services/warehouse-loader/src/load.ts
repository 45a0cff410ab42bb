import type { LogBatch, LogPosition } from '@kenal/contracts';
import type { ErasedIdentifier, Override } from '@kenal/warehouse';
import { type Row, TABLE_KEYS, type TableKey } from './tables.ts';

/** Rows that wait for one flush, and the positions to commit once they are stored. */
export interface Load {
  readonly rows: Readonly<Record<TableKey, Row[]>>;
  readonly overrides: Override[];
  /** Owners, `type:value`, that get a profile and had none, or have rows from before they got one. */
  readonly returning: Set<string>;
  readonly erased: ErasedIdentifier[];
  readonly failures: Failure[];
  /** Records that could not be decoded or read; they become failed events. */
  readonly refused: Refusal[];
  readonly positions: Map<string, LogPosition>;
  count: number;
  bytes: number;
}

/** A failed event of the load. */
export interface Failure {
  readonly workspace: string;
  readonly failureId: string;
  /** Microseconds. */
  readonly receivedAt: number;
}

/** A row or record that will never be stored, and why. */
export interface Refusal {
  readonly origin: Row['origin'];
  readonly code: 'event_undecodable' | 'event_unstorable';
  readonly reason: string;
}

export function createLoad(): Load {
  const rows = Object.fromEntries(TABLE_KEYS.map((key) => [key, []])) as unknown as Record<TableKey, Row[]>;
  return {
    ...{ rows, overrides: [], returning: new Set<string>(), erased: [], failures: [], refused: [] },
    ...{ positions: new Map<string, LogPosition>(), count: 0, bytes: 0 },
  };
}

export function addRow(load: Load, table: TableKey, row: Row): void {
  load.rows[table].push(row);
  load.count++;
  load.bytes += row.bytes.length;
}

/** The group may go on behind this batch once the load is stored. */
export function addPosition(load: Load, batch: LogBatch): void {
  const { topic, partition, records } = batch;
  const last = records[records.length - 1];
  if (last) load.positions.set(`${topic}/${partition}`, { topic, partition, offset: last.offset + 1 });
}
