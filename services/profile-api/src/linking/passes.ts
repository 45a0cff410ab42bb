import { formatTime, type Job, type JobQueue, LINK_JOB } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Warehouse } from '@kenal/warehouse';
import { stateOf } from '../http/state-of.ts';
import type { PassView } from './schemas.ts';

/** Passes of the probabilistic linkage, as the queue and the warehouse know them. */
export interface Passes {
  /** While one waits or runs it is given again. */
  ask(workspace: string, retrain: boolean): Promise<PassView>;
  list(workspace: string): Promise<PassView[]>;
  /** @throws KenalError `not_found` */
  find(workspace: string, job: string): Promise<PassView>;
}

interface RunRow {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly step: string;
  readonly model: string;
  readonly learnt: boolean;
  readonly records: number;
  readonly pairs: number;
  readonly links: number;
  readonly withdrawn: number;
  readonly suggestions: number;
  readonly error: string;
  readonly started: number;
  readonly updated: number;
}

const RUNS = `SELECT id, state, step, model, learnt, records, pairs, links, withdrawn, suggestions, error,
  toUnixTimestamp64Micro(started_at) AS started, toUnixTimestamp64Micro(updated_at) AS updated
  FROM kenal.linkage_runs ORDER BY started_at DESC LIMIT 20`;
const SHOWN = 20;

export function createPasses(queue: Pick<JobQueue, 'add' | 'find'>, warehouse: Warehouse): Passes {
  async function list(workspace: string): Promise<PassView[]> {
    // At most one of a workspace is not over, or the last that is dead
    const last = await queue.find(LINK_JOB, { uniqueKey: workspace });
    const runs = await warehouse.query<RunRow>(RUNS, { workspace });
    const told = runs.map((run) => present(run, run.id === last?.id ? last : undefined));
    const isTold = last === null || last.state === 'done' || runs.some(({ id }) => id === last.id);
    return [...(isTold ? [] : [waitingPass(last)]), ...told].slice(0, SHOWN);
  }

  async function find(workspace: string, job: string): Promise<PassView> {
    const found = (await list(workspace)).find((pass) => pass.job === job);
    if (found === undefined)
      throw new KenalError('not_found', `there is no pass ${job}; GET /v1/identity/link lists them`);
    return found;
  }

  return {
    list,
    find,
    async ask(workspace, retrain) {
      const [id] = await queue.add([{ name: LINK_JOB, data: { workspace, retrain }, uniqueKey: workspace }]);
      return find(workspace, id!);
    },
  };
}

function waitingPass({ id, state, lastError }: Job): PassView {
  return {
    ...{ job: id, state, step: null, model: null, learnt: false, records: 0, pairs: 0, links: 0 },
    ...{ withdrawn: 0, suggestions: 0, error: lastError, startedAt: null, updatedAt: null },
  };
}

function present({ id, started, updated, ...run }: RunRow, job: Job | undefined): PassView {
  return {
    ...{ ...run, job: id, state: stateOf(run, job), learnt: Boolean(run.learnt) },
    ...{ step: orNull(run.step), model: orNull(run.model), error: orNull(run.error) },
    ...{ startedAt: formatTime(started), updatedAt: formatTime(updated) },
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
