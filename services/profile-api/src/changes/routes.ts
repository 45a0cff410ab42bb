import { authenticate, opensBy, problemSchema, type ReadKeys, readKeyOf } from '@kenal/service-kit';
import type { FastifyRequest } from 'fastify';
import type { Audit } from '../audit/audit.ts';
import { allowAnyOrigin, mountPreflight } from '../http/any-origin.ts';
import { FAULTS } from '../http/faults.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { actionOf } from '../profiles/ask-person.ts';
import type { ChangeFeed } from './feed.ts';
import { formatFor } from './format.ts';
import { changesQuery, filterOf } from './query.ts';

export interface ChangeRouteDeps {
  readonly readKeys: ReadKeys;
  readonly audit: Pick<Audit, 'admit' | 'note'>;
  readonly feed: ChangeFeed;
}

const PATH = '/v1/changes';
const DESCRIPTION =
  'Server-sent events, a change a message, or with `Accept: application/x-ndjson` a JSON object a line. The id of an event ' +
  'is a cursor: send it as `Last-Event-ID` (EventSource does) or `after`, and nothing is left out. `event: position` only ' +
  'moves the cursor on; `event: fault` says why the stream ends. Per profile, versions strictly increase.';

/** `GET /v1/changes`: profiles as they change, for browsers of other origins too (a key opens it, no cookie). */
export function mountChanges(app: TypedApp, { readKeys, audit, feed }: ChangeRouteDeps): void {
  app.get(
    PATH,
    {
      exposeHeadRoute: false, // it would never end
      // Before anything is refused: a page of another origin is to read why
      onRequest: (_request, reply, done) => {
        allowAnyOrigin(reply);
        done();
      },
      schema: {
        ...{ tags: ['changes'], operationId: 'followChanges', summary: 'Follow profiles as they change' },
        description: DESCRIPTION,
        security: opensBy('changes'),
        querystring: changesQuery,
        response: { ...FAULTS, 410: problemSchema, 429: problemSchema },
      },
      config: { openapi: { response: { 200: STREAM } } as object },
    },
    async (request, reply) => {
      const reader = authenticate(readKeys, request, 'changes');
      const key = readKeyOf(request) ?? '';
      const { after, from } = request.query;
      const asked = {
        reader,
        isAllowed: () => readKeys.readerOf(key)?.verbs.includes('changes') ?? false,
        filter: filterOf(request.query),
        format: formatFor(request.headers.accept),
        start: { cursor: lastEventId(request) ?? (after === '' ? null : (after ?? null)), from },
      };
      audit.admit();
      await feed.stream(asked, reply.raw, () => {
        audit.note(reader, actionOf(request), [], reader.fields);
        reply.hijack();
        reply.raw.writeHead(200, {
          ...(reply.getHeaders() as Record<string, string>),
          'content-type': asked.format.mediaType,
          'cache-control': 'no-store',
          'x-accel-buffering': 'no', // a proxy that gathers would hold changes back
          // Not used again: by it a client would come back to a service that stops, and EventSource gives up at a 503
          connection: 'close',
        });
      });
      return reply as never;
    },
  );
  mountPreflight(app, PATH);
}

const STREAM = {
  description: 'changes, until either side ends it',
  content: {
    'text/event-stream': { schema: { type: 'string', description: '`data` is a ChangeEnvelope' } },
    'application/x-ndjson': { schema: { $ref: '#/components/schemas/ChangeEnvelope' } },
  },
};

function lastEventId({ headers }: FastifyRequest): string | null {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : null;
}
