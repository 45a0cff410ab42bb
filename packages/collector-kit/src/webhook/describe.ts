import { SOURCE_KINDS, type SourceKind } from '@kenal/contracts';
import { OPEN, opensBy, problemSchema } from '@kenal/service-kit';
import type { FastifySchema } from 'fastify';
import { z } from 'zod';

const TAGS = ['vendors'];
/** Path parameters of a source. */
export const sourceParams = z.object({
  workspace: z.string(),
  source: z.string().describe('id of the source in kenal.yaml'),
});
export const faultSchema = z.object({ code: z.string(), path: z.string(), reason: z.string() });

export function describeDelivery(kind: SourceKind): FastifySchema {
  return {
    tags: TAGS,
    operationId: `deliver_${kind.replaceAll('-', '_')}`,
    summary: `Deliver: ${SOURCE_KINDS[kind].what}`,
    description:
      '200 means that all of it is durable, as interactions or as failed events. What the vendor itself asks for is answered as it asks.',
    security: OPEN, // by the vendor's signature
    params: sourceParams,
    response: {
      200: z.object({ success: z.literal(true), accepted: z.int(), rejected: z.array(faultSchema) }),
      401: problemSchema.describe('The signature, or the key, is missing, wrong, or too old'),
      404: problemSchema.describe('No such source of this kind'),
      413: problemSchema.describe('The body is over the limit'),
      429: problemSchema.describe('Too many deliveries a second; Retry-After says how long to wait'),
      503: problemSchema.describe('The event log takes nothing now, or the process stops; try again after Retry-After'),
    },
  };
}

export function describeChallenge(kind: SourceKind): FastifySchema {
  return {
    tags: TAGS,
    operationId: `challenge_${kind.replaceAll('-', '_')}`,
    summary: 'How a vendor asks whether the address is ours',
    security: OPEN,
    params: sourceParams,
    response: {
      200: z.unknown().describe('What the vendor asks for, as it asks'),
      403: problemSchema.describe('Without a token of ours nothing is shown'),
    },
  };
}

export function describeDeliveries(kind: SourceKind): FastifySchema {
  return {
    tags: TAGS,
    operationId: `list_deliveries_${kind.replaceAll('-', '_')}`,
    summary: 'The last calls that came to this process, newest first, with their signature and what became of them',
    security: opensBy('events'),
    params: sourceParams,
    response: {
      200: z.object({
        deliveries: z.array(
          z.object({
            at: z.string(),
            method: z.string(),
            bytes: z.int().describe('as it came; as announced where it was refused unread'),
            signature: z
              .string()
              .describe(
                'valid; none, where a key was asked for; unknown, where it was refused unread; or the code of the fault',
              ),
            status: z.int(),
            outcome: z.enum(['accepted', 'handshake', 'ignored', 'repeat', 'refused']),
            code: z.string().nullable(),
            events: z.int(),
            rejected: z.int(),
            messageIds: z.array(z.string()).describe('of the first of its events, for GET /v1/trace/{messageId}'),
            milliseconds: z.int(),
          }),
        ),
      }),
      401: problemSchema.describe('The read key is unknown'),
      403: problemSchema.describe('The key has not the verb, or is one of another workspace'),
    },
  };
}
