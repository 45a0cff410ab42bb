import type { FastifySchema } from 'fastify';
import type { TypedApp } from '../http/typed-app.ts';
import { SELF } from './own-token.ts';

const MAX_AGE_SECONDS = '7200'; // Chromium takes no more
// Not part of the API description (an option of @fastify/swagger).
const HIDDEN = { schema: { hide: true } as FastifySchema };

/**
 * Pages of any origin may ask with a token for its person: that is what such tokens are for, and no cookie says anything.
 * Whoever asks for others has a key, which belongs into no page: a browser gets those answers from the same origin only.
 */
export function mountOwnPages(app: TypedApp): void {
  app.addHook('onRequest', (request, reply, done) => {
    if ((request.params as { readonly profile?: string } | null)?.profile === SELF)
      reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', 'ETag, Retry-After');
    done();
  });
  for (const path of [`/v1/profiles/${SELF}`, `/v1/profiles/${SELF}/*`])
    app.options(path, HIDDEN, (_request, reply) =>
      reply
        .header('access-control-allow-origin', '*')
        .header('access-control-allow-methods', 'GET, HEAD')
        .header('access-control-allow-headers', 'Authorization, If-None-Match, Prefer, X-Kenal-Position')
        .header('access-control-max-age', MAX_AGE_SECONDS)
        .code(204)
        .send(),
    );
}
