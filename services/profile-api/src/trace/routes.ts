import { authenticate, opensBy, type ReadKeys } from '@kenal/service-kit';
import { z } from 'zod';
import { FAULTS } from '../http/faults.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { traceView } from './schemas.ts';
import type { Trace } from './trace.ts';

/** `GET /v1/trace/{messageId}`: received → validated → logged → resolved → stored → delivered. */
export function mountTrace(app: TypedApp, readKeys: ReadKeys, trace: Trace): void {
  app.get(
    '/v1/trace/:messageId',
    {
      schema: {
        ...{ tags: ['trace'], operationId: 'traceEvent', security: opensBy('events') },
        summary: 'Where an event went, with times, from real records',
        description:
          'By the id of the event; where none has it, by the id that its vendor or sender knows it by, which may be several.',
        params: z.object({ messageId: z.string().min(1).max(2_048) }),
        querystring: z.object({ source: z.string().optional().describe('of this source only') }),
        response: { 200: traceView, ...FAULTS },
      },
    },
    async (request) =>
      trace(authenticate(readKeys, request, 'events').workspace, request.params.messageId, request.query.source),
  );
}
