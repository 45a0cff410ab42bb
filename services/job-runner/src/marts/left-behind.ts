import { type Clock, type JobQueue, martJob, martQueue, martRunOf } from '@kenal/contracts';
import { DIED } from '@kenal/jobs';
import type { Logger } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import { timeOf } from '../runs.ts';

export interface LeftBehindDeps {
  readonly queue: Pick<JobQueue, 'add' | 'find'>;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface RunningRow {
  readonly mart: string;
  readonly id: string;
  readonly full: boolean;
  readonly step: string;
  readonly rows: number;
  readonly seconds: number;
  readonly started: number;
  /** Refreshes of this mart that ended like this within a day. */
  readonly died: number;
}

const RUNNING = `
  SELECT mart, id, full, step, rows, seconds, toUnixTimestamp64Micro(started_at) AS started, died
  FROM (SELECT *, countIf(state = 'failed' AND error = {died:String} AND updated_at > now64(6) - INTERVAL 1 DAY) OVER (PARTITION BY mart) AS died FROM kenal.mart_runs)
  WHERE state = 'running'`;

/**
 * End what `mart_runs` shows as running though its job is dead: nobody was there to say so when its process died for the last
 * time. Such a mart is asked for once more, at most once a day, for it may be the mart that takes the process down.
 * @returns of a workspace; a fault is logged, and the next look tries again
 */
export function createLeftBehind({ queue, warehouse, clock, logger }: LeftBehindDeps) {
  async function end(workspace: string, { started, died, ...run }: RunningRow): Promise<void> {
    const found = martRunOf(run.id);
    const job = found && (await queue.find(martQueue(workspace, found.lane), { id: found.job }));
    if (job !== null && job.state !== 'dead') return;
    const error = job?.lastError ?? DIED;
    const now = clock();
    const times = { started_at: timeOf(started), updated_at: timeOf(now), ver: now };
    await warehouse.insert('kenal.mart_run_rows', [{ ...run, workspace, state: 'failed', error, ...times }]);
    if (error === DIED && Number(died) === 0) await queue.add([martJob({ workspace, mart: run.mart, full: run.full })]);
  }

  return async function endLeftBehind(workspace: string): Promise<void> {
    try {
      const rows = await warehouse.query<RunningRow>(RUNNING, { workspace, params: { died: DIED } });
      for (const row of rows) await end(workspace, row);
    } catch (err) {
      logger.warn({ err, workspace }, 'refreshes whose process died are still shown as running');
    }
  };
}
