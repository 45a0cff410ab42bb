import { JOB_STATES } from '@kenal/contracts';
import { z } from 'zod';

/** A body of `POST /v1/identity/link`; empty is as good. */
export const linkRequestSchema = z.strictObject({
  retrain: z.boolean().default(false).describe('learn a new model, however young the one in force is'),
});

const time = z.string().nullable().describe('ISO 8601, UTC');

export const passView = z
  .object({
    job: z.string().describe('id of the job'),
    state: z.enum([...JOB_STATES, 'running', 'failed']).describe('failed: it will be tried again; dead: it will not'),
    step: z.string().nullable().describe('what it is at'),
    model: z.string().nullable().describe('version of the model'),
    learnt: z.boolean().describe('whether this pass learnt the model'),
    records: z.number().int().describe('records that were compared'),
    pairs: z.number().int().describe('pairs of people that are more likely one than not'),
    links: z.number().int().describe('links that were handed in now; those of before stay'),
    withdrawn: z.number().int().describe('links and suggestions of the same model that were taken back'),
    suggestions: z.number().int().describe('pairs that were put into the review queue now'),
    error: z.string().nullable().describe('why it failed, or what it left out'),
    startedAt: time,
    updatedAt: time,
  })
  .meta({ id: 'LinkagePass', description: 'a pass over all records of the workspace' });
export type PassView = z.infer<typeof passView>;

export const passesView = z
  .object({ passes: z.array(passView).describe('newest first, at most 20') })
  .meta({ id: 'LinkagePasses' });

export const passParams = z.object({ job: z.string().min(1).max(128).describe('id of the job') });
