import type { Warehouse } from '@kenal/warehouse';
import { timeOf } from '../../runs.ts';

const DAYS_AGO = 10 * 86_400 * 1e6;

/** A refresh of scores that began now and came to its end; so long ago that it says nothing of how old scores are. */
export async function noteRun(warehouse: Warehouse, workspace: string): Promise<void> {
  const now = Date.now() * 1_000;
  const times = { started_at: timeOf(now), updated_at: timeOf(now - DAYS_AGO), ver: now };
  const row = { workspace, mart: 'scores', id: 'scored', state: 'done', ...times };
  await warehouse.insert('kenal.mart_run_rows', [row]);
}

/** That an identifier went from one profile to another just now. */
export async function noteMove(
  warehouse: Warehouse,
  workspace: string,
  key: string,
  from: string,
  to: string,
): Promise<void> {
  const now = Date.now() * 1_000;
  const what = { profile_id: to, from_profile_id: from, changed_at: timeOf(now + 1), change_type: 'merged' };
  await warehouse.insert('kenal.identity_log_rows', [{ workspace, key, version: now, ...what }]);
}

/** Whom a view tells to be somebody else than who was scored. */
export const outdatedSql = (view: string): string =>
  `SELECT DISTINCT profile_id AS id FROM kenal.${view} WHERE outdated = 'merged or split since' ORDER BY id`;
