import type { Warehouse } from '@kenal/warehouse';
import { CASE_EVENTS, type CaseEvent, type FoldedCase, foldCase } from './fold-case.ts';

const EVENTS = `SELECT source, case_id, message_id, profile_id, toString(channel) AS channel, toString(actor_team) AS team,
  toString(name) AS name, JSONExtractString(properties, 'priority') AS priority,
  JSONExtractString(properties, 'status') AS status, conversation_id, toUnixTimestamp64Micro(occurred_at) AS occurred
  FROM kenal.interactions WHERE case_id IN {cases:Array(String)} AND name IN {names:Array(String)}`;

/** Cases of these ids, of all sources, by the index of the case. */
export async function foldCases(
  warehouse: Warehouse,
  workspace: string,
  cases: readonly string[],
): Promise<readonly FoldedCase[]> {
  if (cases.length === 0) return [];
  const params = { cases, names: CASE_EVENTS };
  const events = await warehouse.query<CaseEvent>(EVENTS, { workspace, params });
  const each = Map.groupBy(events, ({ source, case_id }) => JSON.stringify([source, case_id]));
  return Array.from(each.values(), foldCase);
}
