import {
  type Clock,
  formatTime,
  type Job,
  type JobQueue,
  type KenalConfig,
  MICROS_PER_MILLI,
  type Micros,
  martJob,
  martQueue,
  martRunId,
  martRunOf,
  martSchedule,
  type WorkspaceConfig,
} from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { nextRun } from '@kenal/jobs';
import type { Warehouse } from '@kenal/warehouse';
import { stateOf } from '../http/state-of.ts';
import type { MartRunView, MartView } from './schemas.ts';
import { type MartViewFacts, readMartViews, STORED } from './views.ts';

/** Marts of a workspace, as the warehouse and the queue know them. */
export interface Marts {
  list(workspace: string): Promise<MartView[]>;
  /** While one like it waits or runs it is given again. @throws KenalError `not_found`, `bad_query` for a view */
  refresh(workspace: string, mart: string, full: boolean): Promise<MartRunView>;
  /** @throws KenalError `not_found` */
  find(workspace: string, mart: string, job: string): Promise<MartRunView>;
}

interface RunRow {
  readonly mart: string;
  readonly id: string;
  readonly full: boolean;
  readonly state: 'running' | 'done' | 'failed';
  readonly step: string;
  readonly rows: number;
  readonly seconds: number;
  readonly error: string;
  readonly started: number;
  readonly updated: number;
}

const RUN = `SELECT mart, id, full, state, step, rows, seconds, error, toUnixTimestamp64Micro(started_at) AS started,
  toUnixTimestamp64Micro(updated_at) AS updated FROM kenal.mart_runs`;
/** Of each mart its last refresh, and its last good one. */
const LAST = `${RUN} ORDER BY started_at DESC LIMIT 1 BY mart`;
const LAST_DONE = `${RUN} WHERE state = 'done' ORDER BY started_at DESC LIMIT 1 BY mart`;
const ONE = `${RUN} WHERE mart = {mart:String} AND id = {job:String}`;
export interface MartsDeps {
  readonly queue: Pick<JobQueue, 'add' | 'find'>;
  readonly warehouse: Warehouse;
  readonly config: KenalConfig;
  readonly clock: Clock;
}

export function createMarts({ queue, warehouse, config, clock }: MartsDeps): Marts {
  /** The last refreshes of a mart that were asked for and are not over, or dead: of what has changed, and from nothing. */
  async function openJobs(workspace: string, mart: string): Promise<OpenJob[]> {
    const found = [false, true].map(async (full): Promise<OpenJob[]> => {
      const { name, uniqueKey = '' } = martJob({ workspace, mart, full });
      const job = await queue.find(name, { uniqueKey });
      return job === null || job.state === 'done' ? [] : [{ run: martRunId({ mart, full }, job.id), job }];
    });
    return (await Promise.all(found)).flat();
  }

  async function jobOf(workspace: string, mart: string, id: string): Promise<Job | undefined> {
    const run = martRunOf(id);
    const job = run === null ? null : await queue.find(martQueue(workspace, run.lane), { id: run.job });
    return job?.data.mart === mart ? job : undefined;
  }

  async function find(workspace: string, mart: string, id: string): Promise<MartRunView> {
    const params = { mart, job: id };
    const [[run], job] = await Promise.all([
      warehouse.query<RunRow>(ONE, { workspace, params }),
      jobOf(workspace, mart, id),
    ]);
    if (run !== undefined) return presentRun(run, job);
    if (job !== undefined) return waitingRun(id, job);
    throw new KenalError('not_found', `there is no refresh ${id} of ${mart}; GET /v1/marts tells of the last of each`);
  }

  async function check(mart: string): Promise<void> {
    if (Object.hasOwn(STORED, mart)) return;
    const views = await readMartViews(warehouse);
    const view = views.find(({ name }) => name === mart);
    if (view === undefined) {
      const known = new Set([...Object.keys(STORED), ...views.map(({ name }) => name)]);
      throw new KenalError('not_found', `there is no mart ${mart}; there are ${[...known].join(', ')}`);
    }
    const why =
      view.by === null ? 'is a view and never behind: there is nothing to refresh' : `is refreshed as ${view.by}`;
    throw new KenalError('bad_query', `${mart} ${why}`);
  }

  return {
    find,
    async list(workspace) {
      const own = config.workspaces.find(({ id }) => id === workspace);
      const [last, done, views, jobs] = await Promise.all([
        warehouse.query<RunRow>(LAST, { workspace }),
        warehouse.query<RunRow>(LAST_DONE, { workspace }),
        readMartViews(warehouse),
        Promise.all(Object.keys(STORED).map((mart) => openJobs(workspace, mart))),
      ]);
      const stored = Object.entries(STORED).map(([name, { what }], at): MartView => {
        const is = ({ mart }: RunRow): boolean => mart === name;
        const next = own === undefined ? null : nextRefresh(own, name, clock());
        const asOf = views.some((view) => view.name === name && view.asOf);
        const refresh = lastRefresh(last.find(is), done.find(is), jobs[at]!);
        return { name, what, kind: 'stored', asOf, by: null, ...refresh, next };
      });
      const others = views.filter(({ name }) => !Object.hasOwn(STORED, name));
      return [...stored, ...others.map((view) => presentView(view, stored))];
    },
    async refresh(workspace, mart, full) {
      await check(mart);
      const [job] = await queue.add([martJob({ workspace, mart, full })]);
      const id = martRunId({ mart, full }, job!);
      return find(workspace, mart, id);
    },
  };
}

function nextRefresh({ marts, timezone }: WorkspaceConfig, mart: string, now: Micros): string | null {
  const cron = martSchedule(marts, mart);
  if (cron === null) return null;
  return formatTime(nextRun(cron, timezone, now / MICROS_PER_MILLI) * MICROS_PER_MILLI);
}

function presentView(view: MartViewFacts, stored: readonly MartView[]): MartView {
  const of = stored.find(({ name }) => name === view.by);
  if (of !== undefined) return { ...of, ...view, kind: 'shown', rows: null, seconds: null };
  const nothing = { refreshedAt: null, rows: null, seconds: null, error: null, next: null };
  return { ...view, kind: 'view', state: 'current', ...nothing };
}

const NO_JOB = { run: undefined, job: undefined };

type LastRefresh = Omit<MartView, 'name' | 'what' | 'kind' | 'asOf' | 'by' | 'next'>;

interface OpenJob {
  /** Names the refresh. */
  readonly run: string;
  readonly job: Job;
}

/** @param open jobs that are not done: one that waits or runs comes first, then that of the last refresh */
function lastRefresh(last: RunRow | undefined, done: RunRow | undefined, open: readonly OpenJob[]): LastRefresh {
  const living = open.find(({ job }) => job.state !== 'dead');
  const { run, job } = living ?? open.find((each) => each.run === last?.id || last === undefined) ?? NO_JOB;
  const state = job !== undefined && run !== last?.id ? job.state : last === undefined ? 'never' : stateOf(last, job);
  const error = orNull(last?.error ?? '') ?? job?.lastError ?? null;
  return {
    ...{ state, error, refreshedAt: done === undefined ? null : formatTime(done.updated) },
    ...{ rows: done?.rows ?? null, seconds: done?.seconds ?? null },
  };
}

function waitingRun(run: string, { state, data, lastError }: Job): MartRunView {
  return {
    ...{ mart: String(data.mart), job: run, full: data.full === true, state, step: null, rows: 0, seconds: 0 },
    ...{ error: lastError, startedAt: null, updatedAt: null },
  };
}

function presentRun({ id, started, updated, ...run }: RunRow, job: Job | undefined): MartRunView {
  return {
    ...{ ...run, job: id, full: Boolean(run.full), state: stateOf(run, job), step: orNull(run.step) },
    ...{ error: orNull(run.error), startedAt: formatTime(started), updatedAt: formatTime(updated) },
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
