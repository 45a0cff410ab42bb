import { verifyLink } from '@kenal/collector-kit';
import { KenalError } from '@kenal/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LINK } from '../openapi/describe.ts';
import { type Pipeline, receiveEncoded } from '../pipeline.ts';

interface LinkRequest {
  Querystring: { u?: unknown; sig?: unknown; data?: unknown };
}

/**
 * `GET /v1/c?u=&sig=`: a click that is on its way elsewhere. It goes only where whoever holds the secret signed
 * (`signLink`), never where a stranger says; without a secret there is no such address. With `data` and `writeKey`,
 * as for the pixel, the click is an event; what is wrong with that never stops the person.
 */
export function mountLinks(
  app: FastifyInstance,
  pipeline: Pipeline,
  secret: string | undefined,
  onRefused: (error: unknown) => void,
): void {
  app.get<LinkRequest>('/v1/c', { config: { openapi: LINK } }, async (request, reply) => {
    if (secret === undefined) throw new KenalError('not_found', 'no secret for links is configured');
    const { u, sig, data } = request.query;
    if (typeof u !== 'string' || typeof sig !== 'string') throw new KenalError('bad_query', 'u and sig are needed');
    const target = verifyLink(secret, u, sig);
    if (target === null) throw new KenalError('forbidden', 'the signature of the link is wrong');
    if (data !== undefined) {
      try {
        pipeline.admission.enter(request.url.length, false, reply.raw);
        pipeline.admission.hold(request.url.length, reply.raw);
        await receiveEncoded(pipeline, 'track', data, request as FastifyRequest, reply);
      } catch (error) {
        onRefused(error);
      }
    }
    return reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').redirect(target, 302);
  });
}
