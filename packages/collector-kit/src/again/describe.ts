import type { SourceKind } from '@kenal/contracts';
import { opensBy, problemSchema } from '@kenal/service-kit';
import type { FastifySchema } from 'fastify';
import { z } from 'zod';
import { faultSchema, sourceParams } from '../webhook/describe.ts';
import { requestSchema } from './request.ts';

const WHAT = {
  check: 'What of a failed event would still be refused; nothing is kept',
  fix: 'Keep the repaired body of a failed event',
  replay: 'Send a failed event again, as it was kept or repaired; a second time adds nothing',
  dismiss: 'Give a failed event up, with a reason',
} as const;

export type AgainVerb = keyof typeof WHAT;

export function describeAgain(kind: SourceKind, verb: AgainVerb): FastifySchema {
  return {
    tags: ['failed events'],
    operationId: `${verb}_failed_${kind.replaceAll('-', '_')}`,
    summary: WHAT[verb],
    security: opensBy('decide'),
    params: sourceParams,
    body: requestSchema,
    response: {
      200: z.object({
        state: z.enum(['fixed', 'replayed', 'dismissed']).nullable().optional().describe('null: it stays as it is'),
        accepted: z.int().optional(),
        rejected: z.array(faultSchema).optional().describe('what would still be refused'),
      }),
      400: problemSchema.describe('What was sent is not of this form, or the body of the event cannot be sent again'),
      401: problemSchema.describe('The steward key is unknown'),
      403: problemSchema.describe('The key has not the verb, or is one of another workspace'),
      404: problemSchema.describe('No such source'),
    },
  };
}
