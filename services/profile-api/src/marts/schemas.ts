import { JOB_STATES } from '@kenal/contracts';
import { z } from 'zod';

/** A body of `POST /v1/marts/{name}/refresh`; empty is as good. */
export const refreshRequestSchema = z.strictObject({
  full: z.boolean().default(false).describe('compute it from nothing; it comes to the same'),
});

const time = z.string().nullable().describe('ISO 8601, UTC');
const states = [...JOB_STATES, 'running', 'failed'] as const;
const rows = z.number().int().describe('rows that were written');
const seconds = z.number().describe('how long it took');

export const martRunView = z
  .object({
    mart: z.string(),
    job: z.string().describe('id of the job'),
    full: z.boolean().describe('whether it is computed from nothing'),
    state: z.enum(states).describe('failed: it will be tried again; dead: it will not'),
    step: z.string().nullable().describe('what it is at'),
    ...{ rows, seconds },
    error: z.string().nullable().describe('why it failed'),
    startedAt: time,
    updatedAt: time,
  })
  .meta({ id: 'MartRun', description: 'a refresh of a mart' });
export type MartRunView = z.infer<typeof martRunView>;

export const martView = z
  .object({
    name: z.string(),
    what: z.string().describe('what it holds'),
    kind: z
      .enum(['view', 'stored', 'shown'])
      .describe('view: nothing is stored; stored: a job computes it; shown: a view of what another mart stores'),
    by: z.string().nullable().describe('of what is shown: the mart that stores it, and is refreshed'),
    asOf: z.boolean().describe("whether it can be asked as of a past day: name_as_of(as_of = '2026-03-31')"),
    state: z
      .enum(['current', 'never', ...states])
      .describe('current: a view; never: it was not refreshed yet; else of the last refresh, also of what is shown'),
    refreshedAt: time.describe('when it was refreshed last, ISO 8601, UTC; null for a view, and where it never was'),
    rows: rows.nullable().describe('rows that this refresh wrote'),
    seconds: seconds.nullable().describe('how long it took'),
    error: z.string().nullable().describe('why the last refresh failed'),
    next: time.describe('when the clock asks for it next, ISO 8601, UTC; null: on request only'),
  })
  .meta({ id: 'Mart', description: 'what can be asked in SQL of customers and what they did' });
export type MartView = z.infer<typeof martView>;

export const martsView = z.object({ marts: z.array(martView) }).meta({ id: 'Marts' });

export const martParams = z.object({ name: z.string().min(1).max(128).describe('name of the mart') });
export const martRunParams = martParams.extend({ job: z.string().min(1).max(128).describe('id of the job') });
