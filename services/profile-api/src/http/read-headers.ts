import { z } from 'zod';

const waiting = {
  'X-Kenal-Position': z
    .string()
    .optional()
    .describe('of an answer of the tracking API: the read waits until what was written there can be read'),
  Prefer: z
    .string()
    .optional()
    .describe('`wait=<seconds>`: how long it waits for that, 5 where it is not said, 30 at most; then 503'),
};
const known = {
  'If-None-Match': z.string().optional().describe('`ETag` of an answer that the caller has: 304 where it still holds'),
};

/** `config` of a read that waits for what was written. */
export const WAITS = { openapi: { headers: z.object(waiting) } };

/** And whose answer has an `ETag` (`if-changed.ts`). */
export const WAITS_AND_TAGS = {
  openapi: {
    headers: z.object({ ...waiting, ...known }),
    response: { 304: { type: 'null', description: 'What the caller has is what there is' } },
  },
  answerHeaders: {
    ETag: { type: 'string', description: 'of what is shown; a weak one where some fields are shown only' },
  },
};
