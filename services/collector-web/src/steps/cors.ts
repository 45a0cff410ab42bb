import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify';

const MAX_AGE_SECONDS = '7200'; // Chromium takes no more; 900 at least (wire.md)
const METHODS = 'GET, POST, OPTIONS, HEAD';

/** Of routes that are no part of the API description (an option of @fastify/swagger). */
export const HIDDEN = { schema: { hide: true } as FastifySchema };

/**
 * Any page may send: the write key says which source it is, no cookie says anything. Credentials are allowed because
 * beacons and one SDK always send them, and a browser then refuses `*`.
 */
export function allowOrigin(request: FastifyRequest, reply: FastifyReply): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  reply
    .header('access-control-allow-origin', origin)
    .header('access-control-allow-credentials', 'true')
    .header('access-control-expose-headers', 'Retry-After, X-Kenal-Position')
    .header('vary', 'Origin');
}

/** Answer a preflight: whatever header a client names may come, they are too many to list. */
export function answerPreflight(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const asked = request.headers['access-control-request-headers'];
  if (asked !== undefined) reply.header('access-control-allow-headers', asked);
  return reply
    .header('access-control-allow-methods', METHODS)
    .header('access-control-max-age', MAX_AGE_SECONDS)
    .header('vary', 'Origin, Access-Control-Request-Headers')
    .header('allow', METHODS)
    .code(204)
    .send();
}
