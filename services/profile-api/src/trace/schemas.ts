import { z } from 'zod';

const place = { topic: z.string(), partition: z.int(), offset: z.int() };
const at = z.string().nullable().describe('null where it is no longer known');

const stageView = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('received'), at, collector: z.string(), sequence: z.int() }),
  z.object({
    ...{ stage: z.literal('validated'), at, channel: z.string(), type: z.string() },
    name: z.string().nullable(),
  }),
  z.object({ stage: z.literal('logged'), at, ...place }),
  z.object({
    ...{ stage: z.literal('resolved'), at, owner: z.string().nullable() },
    profileId: z.string().nullable().describe('profile of the owner today'),
    rule: z.string().nullable().describe('by which rule it changed a profile; null where it changed none'),
    moved: z
      .array(z.object({ identifier: z.string(), from: z.string().nullable(), to: z.string().nullable() }))
      .describe('identifiers that it brought to a profile'),
  }),
  z.object({ stage: z.literal('stored'), at }),
  z.object({
    ...{ stage: z.literal('delivered'), at, ...place },
    ...{ change: z.string(), changeType: z.string(), profileId: z.string() },
  }),
]);

/** Where an event went. */
export const traceView = z.object({
  messageId: z.string().describe('as it was asked for'),
  foundBy: z
    .enum(['message_id', 'vendor_id'])
    .describe('vendor_id: no event has this id, and those in `traces` and `others` have it as a part of theirs'),
  others: z
    .array(z.object({ source: z.string(), messageId: z.string() }))
    .describe('further events of that vendor id, to be traced by their own ids'),
  more: z.boolean().describe('true: there are more than these'),
  traces: z.array(
    z.object({
      source: z.string(),
      messageId: z.string(),
      state: z
        .enum(['stored', 'refused', 'pending', 'lost', 'hidden'])
        .describe(
          'hidden: its person was erased; pending: accepted less than two minutes ago, and no row yet; lost: longer ago, and no row: it was lost, or waits in the log for a loader that cannot go on',
        ),
      stages: z.array(stageView).describe('of the copy that was received first'),
      copies: z
        .array(
          z.object({
            ...{ minute: z.string(), collector: z.string(), sequence: z.int(), refused: z.boolean() },
            storedAt: z.string().nullable(),
          }),
        )
        .describe('every copy that was received, retries and duplicates included'),
      failures: z.array(
        z.object({
          ...{ failureId: z.string(), stage: z.string(), code: z.string(), path: z.string(), reason: z.string() },
          ...{ state: z.string(), receivedAt: z.string(), failedAt: z.string() },
        }),
      ),
    }),
  ),
});
