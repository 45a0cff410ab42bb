import {
  type Clock,
  formatTime,
  type Job,
  type JobQueue,
  type KenalConfig,
  MARTS,
  type MartFacts,
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
/** A mart that is a view can be asked as of a past day. */
const VIEWS = `SELECT name, comment AS what FROM system.tables WHERE database = 'kenal' AND engine = 'View'
  AND concat(name, '_as_of') IN (SELECT name FROM system.tables WHERE database = 'kenal') ORDER BY name`;
export interface MartsDeps {
  readonly queue: Pick<JobQueue, 'add' | 'find'>;
  readonly warehouse: Warehouse;
  readonly config: KenalConfig;
  readonly clock: Clock;
}

const STORED: Readonly<Record<string, MartFacts>> = MARTS;

export function createMarts({ queue, warehouse, config, clock }: MartsDeps): Marts {
  const views = (): Promise<{ name: string; what: string }[]> => warehouse.query(VIEWS);

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
    const known = (await views()).map(({ name }) => name);
    if (known.includes(mart))
      throw new KenalError('bad_query', `${mart} is a view and never behind: there is nothing to refresh`);
    throw new KenalError(
      'not_found',
      `there is no mart ${mart}; there are ${[...Object.keys(STORED), ...known].join(', ')}`,
    );
  }

  return {
    find,
    async list(workspace) {
      const own = config.workspaces.find(({ id }) => id === workspace);
      const [last, done, jobs] = await Promise.all([
        warehouse.query<RunRow>(LAST, { workspace }),
        warehouse.query<RunRow>(LAST_DONE, { workspace }),
        Promise.all(Object.keys(STORED).map((mart) => openJobs(workspace, mart))),
      ]);
      const stored = Object.entries(STORED).map(([name, { what }], at): MartView => {
        const is = ({ mart }: RunRow): boolean => mart === name;
        const next = own === undefined ? null : nextRefresh(own, name, clock());
        return { name, what, kind: 'stored', ...lastRefresh(last.find(is), done.find(is), jobs[at]!), next };
      });
      const names = new Set(Object.keys(STORED));
      return [...stored, ...(await views()).filter(({ name }) => !names.has(name)).map(presentView)];
    },
    async refresh(workspace, mart, full) {
      await check(mart);
      const id = martRunId({ mart, full }, await queue.add(martJob({ workspace, mart, full })));
      return find(workspace, mart, id);
    },
  };
}

function nextRefresh({ marts, timezone }: WorkspaceConfig, mart: string, now: Micros): string | null {
  const cron = martSchedule(marts, mart);
  if (cron === null) return null;
  return formatTime(nextRun(cron, timezone, now / MICROS_PER_MILLI) * MICROS_PER_MILLI);
}

function presentView({ name, what }: { readonly name: string; readonly what: string }): MartView {
  const nothing = { refreshedAt: null, rows: null, seconds: null, error: null, next: null };
  return { name, what, kind: 'view', state: 'current', ...nothing };
}

const NO_JOB = { run: undefined, job: undefined };

type LastRefresh = Omit<MartView, 'name' | 'what' | 'kind' | 'next'>;

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
