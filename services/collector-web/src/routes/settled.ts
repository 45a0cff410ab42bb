import { findKey, type Keyring, openKey } from '@kenal/collector-kit';
import type { Settle } from '@kenal/event-log';
import type { FastifyInstance } from 'fastify';
import { SETTLED } from '../openapi/describe.ts';

const LONGEST_WAIT_S = 60;

/**
 * `GET /v1/settled?wait=<seconds>` → `{"settled": true}` once everything that was acknowledged before is resolved and can be
 * asked for, or false after that time: without `wait`, while events keep coming, always false. `kenal import` waits this way. It tells of all workspaces together, so any write key
 * will do.
 */
export function mountSettled(app: FastifyInstance, keyring: Keyring, settle: Settle): void {
  app.get<{ Querystring: { wait?: string } }>(
    '/v1/settled',
    { config: { openapi: SETTLED } },
    async (request, reply) => {
      openKey(keyring, findKey({ headers: request.headers, query: request.query, body: null }));
      const asked = Number(request.query.wait ?? 0);
      const seconds = Number.isFinite(asked) ? Math.min(Math.max(asked, 0), LONGEST_WAIT_S) : 0;
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      reply.header('cache-control', 'no-store');
      return { settled: await settle(seconds * 1_000, gone.signal) };
    },
  );
}
