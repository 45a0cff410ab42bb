import type { HttpHost } from '@kenal/service-kit';

const LONGEST_WAIT_S = 60;

/**
 * `GET /v1/settled?wait=<seconds>` → `{"settled": true}` once everything that was acknowledged before is resolved and can be
 * asked for, or false after that time. `kenal import` waits this way. It tells nothing of anybody, so it needs no key.
 */
export function mountSettled(app: HttpHost['app'], settled: (timeoutMs: number) => Promise<boolean>): void {
  app.get<{ Querystring: { wait?: string } }>('/v1/settled', async (request) => {
    const asked = Number(request.query.wait ?? 0);
    const seconds = Number.isFinite(asked) ? Math.min(Math.max(asked, 0), LONGEST_WAIT_S) : 0;
    return { settled: await settled(seconds * 1_000) };
  });
}
