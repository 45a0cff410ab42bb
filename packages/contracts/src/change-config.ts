import { z } from 'zod';

/** `changes` of a workspace: who may follow its profiles, and how. */
export const changesSchema = z.strictObject({
  topic: z
    .boolean()
    .default(false)
    .describe(
      'whether the changes of this workspace alone also stand in a topic of their own, kenal.profile.changes.v1.<workspace>, from then on',
    ),
  streams: z
    .number()
    .int()
    .positive()
    .default(1_000)
    .describe('streams of GET /v1/changes that one key may have open at a process'),
});
