import type { DatabaseSync } from 'node:sqlite';
import type { Job, JobFilter, JobState } from '@kenal/contracts';
import { type JobRow, toJob } from './row.ts';
import { WORKSPACE_OF } from './schema.ts';

export function listJobs(db: DatabaseSync, { name, workspace, state, limit }: JobFilter): Job[] {
  const now = Date.now();
  const asked = [
    ...(name === undefined ? [] : [{ sql: 'name = :name', given: { ':name': name } }]),
    ...(workspace === undefined ? [] : [{ sql: `${WORKSPACE_OF} = :workspace`, given: { ':workspace': workspace } }]),
    ...(state === undefined ? [] : [conditionOf(state, now)]),
  ];
  const where = asked.map(({ sql }) => sql).join(' AND ') || 'TRUE';
  const given = Object.assign({ ':limit': limit }, ...asked.map((one) => one.given)) as Record<string, string | number>;
  const rows = db.prepare(`SELECT * FROM job WHERE ${where} ORDER BY id LIMIT :limit`).all(given);
  return (rows as unknown as JobRow[]).map((row) => toJob(row, now));
}

function conditionOf(state: JobState, now: number): { readonly sql: string; readonly given: object } {
  const given = { ':now': now };
  if (state === 'waiting') return { sql: `state = 'queued' AND (run_at <= :now OR behind = 1)`, given };
  if (state === 'delayed') return { sql: `state = 'queued' AND run_at > :now AND behind = 0`, given };
  return { sql: `state = '${state}'`, given: {} };
}
