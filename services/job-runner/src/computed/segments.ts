import type { SegmentCondition, WorkspaceConfig } from '@kenal/contracts';
import { type Moment, traitSql, withoutEnd } from './aggregates.ts';
import type { Params } from './statement.ts';
import { columnValue, isThere, jsonPart, testsSql } from './value-sql.ts';

export type Declared = Pick<WorkspaceConfig, 'computed' | 'segments'>;

/** The SELECT of who is in a declared segment: profile_id. Conditions on others are taken from their declarations, as of now. */
export function segmentSql(name: string, declared: Declared, moment: Moment, params: Params): string {
  const { where, sql = '' } = declared.segments[name]!;
  if (where === undefined) return `SELECT DISTINCT toString(profile_id) AS profile_id FROM (\n${withoutEnd(sql)}\n)`;
  return `SELECT profile_id FROM kenal.live_profiles WHERE ${conditionSql(where)}`;

  function conditionSql(condition: SegmentCondition): string {
    const { and, or, not, trait, computed, segment, mart, column } = condition;
    if (and !== undefined) return `(${and.map(conditionSql).join(' AND ')})`;
    if (or !== undefined) return `(${or.map(conditionSql).join(' OR ')})`;
    if (not !== undefined) return `NOT ${conditionSql(not)}`;
    if (trait !== undefined) return testsSql(jsonPart('traits', trait, params), condition, params);
    if (segment !== undefined) return `profile_id IN (${segmentSql(segment, declared, moment, params)})`;
    if (computed !== undefined)
      return among(traitSql(declared.computed[computed]!, moment, params), 'value', condition);
    return among(`SELECT profile_id, ${columnValue(column!)} AS value FROM kenal.\`${mart}\``, 'value', condition);
  }

  /** Who has a row that passes; `exists: false`: who has none with a value. */
  function among(rows: string, value: string, condition: SegmentCondition): string {
    if (condition.exists === false)
      return `profile_id NOT IN (SELECT profile_id FROM (${rows}) WHERE ${isThere(value)})`;
    return `profile_id IN (SELECT profile_id FROM (${rows}) WHERE ${testsSql(value, condition, params)})`;
  }
}
