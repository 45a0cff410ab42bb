import type { FastifyInstance, FastifyReply, FastifyRequest, preParsingHookHandler } from 'fastify';
import { describeTracking, METRICS, RECORDS, TAKEN_HEADERS } from '../openapi/describe.ts';
import { admit, type Pipeline, receive, receiveRecords } from '../pipeline.ts';
import { answerPreflight, HIDDEN } from '../steps/cors.ts';

const TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;

/** Path → event type, or null where the body is a batch. Every path also answers with a slash at its end. */
export const TRACKING_ROUTES: ReadonlyMap<string, string | null> = new Map([
  // Segment's, RudderStack's
  ...TYPES.flatMap((type): [string, string][] => [
    [`/v1/${type}`, type],
    [`/v1/${type[0]}`, type],
  ]),
  ['/v1/merge', 'merge'],
  ...['/v1/batch', '/v1/b', '/v1/import', '/beacon/v1/batch'].map((path): [string, null] => [path, null]),
  // Jitsu's
  ...TYPES.flatMap((type): [string, string][] => [
    [`/api/s/${type}`, type],
    [`/api/s/${type[0]}`, type],
    [`/api/s/s2s/${type}`, type],
    [`/api/s/s2s/${type[0]}`, type],
  ]),
  ['/api/s/batch', null],
  ['/api/s/s2s/batch', null],
]);

/** The calls that bring events. */
export function mountTracking(app: FastifyInstance, pipeline: Pipeline): void {
  const onRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    admit(pipeline, request, reply);
    done();
  };
  const preParsing: preParsingHookHandler = (_request, reply, payload, done) => {
    pipeline.admission.count(payload, reply.raw);
    done(null, payload);
  };
  app.decorateRequest('opened', null);
  for (const [path, type] of TRACKING_ROUTES) {
    const config = { openapi: describeTracking(path, type), answerHeaders: TAKEN_HEADERS };
    app.post(path, { onRequest, preParsing, config }, (request, reply) => receive(pipeline, type, request, reply));
    app.options(path, HIDDEN, answerPreflight);
  }
  // Beside events, what the organisation tells of its own world
  app.post(
    '/v1/records',
    { onRequest, preParsing, config: { openapi: RECORDS, answerHeaders: TAKEN_HEADERS } },
    (request, reply) => receiveRecords(pipeline, request, reply),
  );
  // What Segment's browser client says of itself: dropped, unread
  const dropped = async (_request: FastifyRequest, reply: FastifyReply) => reply.send({ success: true });
  app.post('/v1/m', { onRequest: dropped, config: { openapi: METRICS } }, () => undefined);
  app.options('/v1/m', HIDDEN, answerPreflight);
}
