import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * The answer with its `ETag`, or 304 where the caller has it. By all that is shown: the version moves with the published
 * content, but not with a sighting, a word that does not hold, a rule or the days that make a trait stale. Where some fields
 * are shown only, the tag goes by them and not by the version, which moves with what is hidden; so it is a weak one.
 * @param shown whether nothing is left out
 */
export function ifChanged<T extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: T,
  shown: { readonly whole: boolean },
): T | FastifyReply {
  const { version: _moves, ...rest } = answer as T & { readonly version?: number };
  const hash = createHash('sha256')
    .update(JSON.stringify(shown.whole ? answer : rest))
    .digest('base64url')
    .slice(0, 22);
  const tag = `${shown.whole ? '' : 'W/'}"${hash}"`;
  reply.header('etag', tag).header('cache-control', 'private, no-cache').header('vary', 'authorization');
  return isNamed(request.headers['if-none-match'], hash) ? reply.code(304).send() : answer;
}

// `*`, or tags such as `"a", W/"b"`, compared without regard to `W/` (RFC 9110, 13.1.2)
function isNamed(header: string | undefined, opaque: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || Array.from(header.matchAll(/"([^"]*)"/g), ([, one]) => one).includes(opaque);
}
