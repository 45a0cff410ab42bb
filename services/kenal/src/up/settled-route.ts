import { KenalError } from '@kenal/errors';
import { readKeyOf } from '@kenal/profile-api';
import type { HttpHost } from '@kenal/service-kit';
import type { Settle } from './settle.ts';

const LONGEST_WAIT_S = 60;

/**
 * `GET /v1/settled?wait=<seconds>` → `{"settled": true}` once everything that was acknowledged before is resolved and can be
 * asked for, or false after that time. `kenal import` waits this way. It tells of all workspaces together, so any write or
 * read key will do; `unknown_key` without one.
 * @param isKey whether it is a key of this instance
 */
export function mountSettled(app: HttpHost['app'], settle: Settle, isKey: (key: string) => boolean): void {
  app.get<{ Querystring: { wait?: string } }>('/v1/settled', async (request, reply) => {
    const key = readKeyOf(request.headers, request.query);
    if (key === null || !isKey(key))
      throw new KenalError('unknown_key', 'send a write or read key: Authorization: Bearer <key> or Basic <key>:');
    const asked = Number(request.query.wait ?? 0);
    const seconds = Number.isFinite(asked) ? Math.min(Math.max(asked, 0), LONGEST_WAIT_S) : 0;
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    return { settled: await settle(seconds * 1_000, gone.signal) };
  });
}
