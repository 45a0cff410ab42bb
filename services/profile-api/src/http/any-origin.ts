import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import type { TypedApp } from './typed-app.ts';

const MAX_AGE_SECONDS = '7200'; // Chromium takes no more

/** Pages of any origin may read the answer: a token or key says who asks, no cookie says anything. */
export function allowAnyOrigin(reply: FastifyReply): FastifyReply {
  return reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', 'ETag, Retry-After');
}

/** Answer what a browser asks before it lets a page read this path. */
export function mountPreflight(app: TypedApp, path: string): void {
  // Not part of the API description (an option of @fastify/swagger)
  app.options(path, { schema: { hide: true } as FastifySchema }, (request: FastifyRequest, reply: FastifyReply) =>
    allowAnyOrigin(reply)
      .header('access-control-allow-methods', 'GET, HEAD')
      .header('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*')
      .header('access-control-max-age', MAX_AGE_SECONDS)
      .code(204)
      .send(),
  );
}
