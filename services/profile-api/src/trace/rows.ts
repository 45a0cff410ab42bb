import type { Warehouse } from '@kenal/warehouse';

/** The row of an event, times in microseconds. */
export interface TracedRow {
  readonly source: string;
  readonly messageId: string;
  readonly channel: string;
  readonly type: string;
  readonly name: string;
  readonly owner: string;
  readonly profileId: string;
  readonly received: number;
  readonly resolved: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly collector: string;
  readonly sequence: number;
}

export interface TracedCopy {
  readonly source: string;
  readonly messageId: string;
  readonly minute: number;
  readonly collector: string;
  readonly sequence: number;
  readonly refused: number;
  /** 0 where it was not noted. */
  readonly stored: number;
}

export interface TracedFailure {
  readonly source: string;
  readonly messageId: string;
  readonly failureId: string;
  readonly stage: string;
  readonly code: string;
  readonly path: string;
  readonly reason: string;
  readonly state: string;
  readonly received: number;
  readonly failed: number;
}

export interface TracedStep {
  readonly source: string;
  readonly messageId: string;
  readonly key: string;
  readonly profileId: string;
  readonly from: string;
  readonly changeType: string;
  readonly rule: string;
}

export interface TracedRows {
  readonly rows: readonly TracedRow[];
  readonly copies: readonly TracedCopy[];
  readonly failures: readonly TracedFailure[];
  readonly steps: readonly TracedStep[];
  /** What has a row, whether it is shown or belongs to somebody who was erased. */
  readonly kept: readonly { readonly source: string; readonly messageId: string }[];
}

const MICROS = (column: string): string => `toUnixTimestamp64Micro(${column})`;

/**
 * What the tables say of message ids. Rows are looked up by primary key; receipts stand in the order of their minutes, so
 * one narrow column of them is read for the workspace.
 * @param sources among which they are looked for
 */
export async function tracedRows(
  warehouse: Warehouse,
  workspace: string,
  ids: readonly string[],
  sources: readonly string[],
): Promise<TracedRows> {
  const ask = <T>(select: string, from: string, where: string): Promise<T[]> =>
    warehouse.query<T>(
      `SELECT source, message_id AS messageId, ${select} FROM kenal.${from} WHERE source IN {sources:Array(String)} AND ${where}`,
      {
        workspace,
        params: { ids, sources, workspace },
      },
    );
  const [rows, copies, failures, steps, kept] = await Promise.all([
    ask<TracedRow>(
      `channel, type, name, owner, profile_id AS profileId, ${MICROS('received_at')} AS received, ${MICROS('resolved_at')} AS resolved,
       log_topic AS topic, log_partition AS partition, log_offset AS offset, receipt_collector AS collector, receipt_sequence AS sequence`,
      'interactions',
      'message_id IN {ids:Array(String)}',
    ),
    ask<TracedCopy>(
      `toUnixTimestamp(minute) AS minute, collector, sequence, refused, ${MICROS('stored_at')} AS stored`,
      'receipts FINAL',
      'workspace = {workspace:String} AND message_id IN {ids:Array(String)} ORDER BY minute, sequence LIMIT 1000',
    ),
    ask<TracedFailure>(
      `failure_id AS failureId, stage, code, path, reason, state, ${MICROS('received_at')} AS received, ${MICROS('failed_at')} AS failed`,
      'failed_events',
      'message_id IN {ids:Array(String)} ORDER BY failed_at LIMIT 100',
    ),
    warehouse.query<TracedStep>(
      `SELECT cause_source AS source, cause_message_id AS messageId, key, profile_id AS profileId, from_profile_id AS from, change_type AS changeType, cause_rule AS rule
       FROM kenal.identity_log WHERE cause_message_id IN {ids:Array(String)} AND cause_source IN {sources:Array(String)} LIMIT 1000`,
      { workspace, params: { ids, sources } },
    ),
    ask<TracedRows['kept'][number]>(
      'count() AS copies',
      'interaction_rows',
      'workspace = {workspace:String} AND message_id IN {ids:Array(String)} GROUP BY source, message_id',
    ),
  ]);
  return { rows, copies, failures, steps, kept };
}
