import { JOB_STATES, jsonValueSchema } from '@kenal/contracts';
import { z } from 'zod';

const MOST = 500;

export const jobView = z
  .object({
    name: z.string().describe('kind of work'),
    id: z.string().describe('of its name'),
    state: z
      .enum(JOB_STATES)
      .describe(
        'waiting: for a worker, or for others of its group; delayed: until `runAt`; dead: nobody tries it again',
      ),
    attempt: z.number().int().describe('attempts begun'),
    attempts: z.number().int().describe('attempts in all'),
    runAt: z.string().describe('when it may run at the earliest, ISO 8601, UTC; of one that is over, when it might'),
    lastError: z.string().nullable(),
    group: z.string().nullable().describe('jobs of one group run one at a time, in their order'),
    progress: z
      .object({ done: z.number(), total: z.number().nullable(), note: z.string() })
      .nullable()
      .describe('how far it is, as it said last'),
    data: z.record(z.string(), jsonValueSchema).describe('what it is about'),
  })
  .meta({ id: 'Job', description: 'work that may wait' });
export type JobView = z.infer<typeof jobView>;

export const jobsView = z.object({ jobs: z.array(jobView) }).meta({ id: 'Jobs' });

export const jobsQuery = z.object({
  name: z.string().min(1).max(128).optional().describe('of this kind only'),
  state: z.enum(JOB_STATES).optional().describe('in this state only; without it all but those that are done'),
  limit: z.coerce.number().int().min(1).max(MOST).default(100),
});

export const jobParams = z.object({
  name: z.string().min(1).max(128).describe('kind of work'),
  id: z.string().min(1).max(128).describe('id of the job'),
});
