import { formatTime, JOB_STATES, type Job, type JobQueue, type JobState, MICROS_PER_MILLI } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { authenticate, opensBy, problemSchema, type ReadKeys } from '@kenal/service-kit';
import { FAULTS } from '../http/faults.ts';
import type { TypedApp } from '../http/typed-app.ts';
import * as schemas from './schemas.ts';

export interface JobRouteDeps {
  readonly readKeys: ReadKeys;
  readonly queue: Pick<JobQueue, 'find' | 'list' | 'retry'>;
}

const PATH = '/v1/jobs';
const LOOKED_AT = 1_000;
const OPEN: readonly JobState[] = JOB_STATES.filter((state) => state !== 'done');

/** `/v1/jobs`: work that may wait, and how it goes. */
export function mountJobs(app: TypedApp, { readKeys, queue }: JobRouteDeps): void {
  const shared = { tags: ['jobs'], security: opensBy('manage') };

  async function find(workspace: string, { name, id }: { name: string; id: string }): Promise<Job> {
    const job = await queue.find(name, { id });
    if (job?.data.workspace === workspace) return job;
    throw new KenalError('not_found', `there is no job ${id} of ${name}; GET ${PATH} lists them`);
  }

  app.get(
    PATH,
    {
      schema: {
        ...{ ...shared, operationId: 'listJobs', querystring: schemas.jobsQuery },
        summary: 'Jobs of the workspace, those that were to run last first',
        description: `Of each state the ${LOOKED_AT} that were added first are looked at: while more than that wait, the ones that came last are not listed.`,
        response: { 200: schemas.jobsView, ...FAULTS },
      },
    },
    async (request, reply) => {
      const { workspace } = authenticate(readKeys, request, 'manage');
      const { name, state, limit } = request.query;
      const states = state === undefined ? OPEN : [state];
      const asked = states.map((one) => queue.list({ name, workspace, state: one, limit: LOOKED_AT }));
      const jobs = (await Promise.all(asked)).flat().sort((one, other) => other.runAt - one.runAt);
      reply.header('cache-control', 'no-store');
      return { jobs: jobs.slice(0, limit).map(present) };
    },
  );

  app.get(
    `${PATH}/:name/:id`,
    {
      schema: {
        ...{ ...shared, operationId: 'getJob', params: schemas.jobParams },
        summary: 'How one job goes, or what it came to',
        response: { 200: schemas.jobView, ...FAULTS },
      },
    },
    async (request, reply) => {
      const { workspace } = authenticate(readKeys, request, 'manage');
      reply.header('cache-control', 'no-store');
      return present(await find(workspace, request.params));
    },
  );

  app.post(
    `${PATH}/:name/:id/retry`,
    {
      onRequest: async (request) => void authenticate(readKeys, request, 'manage'),
      schema: {
        ...{ ...shared, operationId: 'retryJob', params: schemas.jobParams },
        summary:
          'Make a dead job wait again, with fresh attempts; have one that waits for its next attempt make it now',
        response: { 202: schemas.jobView, ...FAULTS, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const { workspace } = authenticate(readKeys, request, 'manage');
      const { name, id } = request.params;
      const { state } = await find(workspace, { name, id });
      if (!(await queue.retry(name, id)))
        throw new KenalError(
          'job_not_dead',
          `job ${id} of ${name} is ${state}, or one like it lives: only a dead one, or one that waits for its next attempt, is retried`,
        );
      reply.code(202).header('cache-control', 'no-store');
      return present(await find(workspace, { name, id }));
    },
  );
}

function present({ runAt, data, ...job }: Job): schemas.JobView {
  return { ...job, runAt: formatTime(runAt * MICROS_PER_MILLI), data: data as schemas.JobView['data'] };
}
