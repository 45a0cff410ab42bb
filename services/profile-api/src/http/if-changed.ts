import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * The answer with its `ETag`, or 304 where the caller has it. By all that is shown: the version moves with the published
 * content, but not with a sighting, a word that does not hold, a rule or the days that make a trait stale.
 */
export function ifChanged<T extends { readonly version: number }>(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: T,
): T | FastifyReply {
  const hash = createHash('sha256').update(JSON.stringify(answer)).digest('base64url').slice(0, 16);
  const tag = `"${answer.version}-${hash}"`;
  reply.header('etag', tag).header('cache-control', 'private, no-cache').header('vary', 'authorization');
  return request.headers['if-none-match'] === tag ? reply.code(304).send() : answer;
}
