import type { Warehouse } from '@kenal/warehouse';

/** The row of an event, times in microseconds. */
export interface TracedRow {
  readonly source: string;
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
  readonly minute: number;
  readonly collector: string;
  readonly sequence: number;
  readonly refused: number;
  /** 0 where it was not noted. */
  readonly stored: number;
}

export interface TracedFailure {
  readonly source: string;
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
}

const MICROS = (column: string): string => `toUnixTimestamp64Micro(${column})`;

/** What the tables say of a message id. @param sources among which it is looked for: with them it is a look-up, no scan */
export async function tracedRows(
  warehouse: Warehouse,
  workspace: string,
  id: string,
  sources: readonly string[],
): Promise<TracedRows> {
  const ask = <T>(select: string, from: string, where: string): Promise<T[]> =>
    warehouse.query<T>(
      `SELECT source, ${select} FROM kenal.${from} WHERE source IN {sources:Array(String)} AND ${where}`,
      {
        workspace,
        params: { id, sources, workspace },
      },
    );
  const [rows, copies, failures, steps] = await Promise.all([
    ask<TracedRow>(
      `channel, type, name, owner, profile_id AS profileId, ${MICROS('received_at')} AS received, ${MICROS('resolved_at')} AS resolved,
       log_topic AS topic, log_partition AS partition, log_offset AS offset, receipt_collector AS collector, receipt_sequence AS sequence`,
      'interactions',
      'message_id = {id:String}',
    ),
    ask<TracedCopy>(
      `toUnixTimestamp(minute) AS minute, collector, sequence, refused, ${MICROS('stored_at')} AS stored`,
      'receipts FINAL',
      'workspace = {workspace:String} AND message_id = {id:String} ORDER BY minute, sequence LIMIT 1000',
    ),
    ask<TracedFailure>(
      `failure_id AS failureId, stage, code, path, reason, state, ${MICROS('received_at')} AS received, ${MICROS('failed_at')} AS failed`,
      'failed_events',
      'message_id = {id:String} ORDER BY failed_at LIMIT 100',
    ),
    warehouse.query<TracedStep>(
      `SELECT cause_source AS source, key, profile_id AS profileId, from_profile_id AS from, change_type AS changeType, cause_rule AS rule
       FROM kenal.identity_log WHERE cause_message_id = {id:String} AND cause_source IN {sources:Array(String)} LIMIT 1000`,
      { workspace, params: { id, sources } },
    ),
  ]);
  return { rows, copies, failures, steps };
}
