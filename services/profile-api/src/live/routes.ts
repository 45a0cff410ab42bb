import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadKeys } from '@kenal/service-kit';
import { authenticate, type Health, opensBy, readKeyOf } from '@kenal/service-kit';
import { z } from 'zod';
import type { Audit } from '../audit/audit.ts';
import { FAULTS } from '../http/faults.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { actionOf } from '../profiles/ask-person.ts';
import { MAX_PAGE } from '../profiles/query.ts';
import { type InteractionView, interactionView } from '../profiles/timeline-schemas.ts';
import type { Count } from './counts.ts';
import { failedView } from './present.ts';
import type { Tail } from './tail.ts';

export interface LiveRouteDeps {
  readonly readKeys: ReadKeys;
  readonly health: Health;
  readonly audit: Audit;
  readonly count: Count;
  readonly interactions: Tail<InteractionView>;
  readonly failed: Tail<z.infer<typeof failedView>>;
  readonly version: string;
  /** Ends the streams of followers. */
  readonly stopping: AbortSignal;
}

const POLL_MS = 250;
const HEARTBEAT_MS = 15_000;

const query = z.object({
  after: z.string().optional().describe('`cursor` of the answer before: what came in since'),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50),
  follow: z
    .enum(['true', 'false', '1', '0', ''])
    .optional()
    .describe(
      '`true`: one JSON object a line as they come in; empty lines (at the start, after 15 quiet seconds) mean nothing',
    ),
});

const statusView = z
  .object({
    version: z.string(),
    ready: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
    counts: z
      .object({
        interactions: z.number().int(),
        profiles: z.number().int(),
        failed: z.number().int(),
        lastMinute: z.number().int(),
      })
      .nullable()
      .describe('of the workspace of the read key; null without one'),
  })
  .meta({ id: 'Status' });

/** What came in last, what was refused last, and how things stand. */
export function mountLive(app: TypedApp, deps: LiveRouteDeps): void {
  mountTail(app, deps, '/v1/interactions', 'interactions', interactionView, deps.interactions);
  mountTail(app, deps, '/v1/failed', 'failed', failedView, deps.failed);
  app.get(
    '/v1/status',
    {
      schema: {
        tags: ['live'],
        operationId: 'getStatus',
        summary: 'What runs; with a read key also how much there is',
        security: [{}, ...opensBy()],
        response: { 200: statusView, 401: FAULTS[401] },
      },
    },
    async (request, reply) => {
      const workspace = readKeyOf(request) === null ? null : authenticate(deps.readKeys, request, null).workspace;
      const report = await deps.health.report();
      const counts = workspace === null ? null : await deps.count(workspace).catch(() => null);
      reply.header('cache-control', 'no-store');
      return { version: deps.version, ready: report.ok, checks: [...report.lines], counts };
    },
  );
}

function mountTail<S extends z.ZodType>(
  app: TypedApp,
  deps: LiveRouteDeps,
  path: string,
  field: string,
  item: S,
  tail: Tail<z.infer<S>>,
): void {
  app.get(
    path,
    {
      schema: {
        tags: ['live'],
        operationId: field === 'failed' ? 'tailFailed' : 'tailInteractions',
        summary: field === 'failed' ? 'Events that were refused last' : 'Interactions that came in last',
        security: opensBy('events'),
        querystring: query,
        response: { 200: z.object({ [field]: z.array(item), cursor: z.string() }), ...FAULTS },
      },
    },
    async (request, reply) => {
      const by = authenticate(deps.readKeys, request, 'events');
      const { workspace } = by;
      deps.audit.admit();
      deps.audit.note(by, actionOf(request), []);
      const { after, limit, follow } = request.query;
      reply.header('cache-control', 'no-store');
      const first = await tail.page(workspace, limit, after);
      if (follow === undefined || follow === 'false' || follow === '0')
        return { [field]: [...first.items], cursor: first.cursor } as never;
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const signal = AbortSignal.any([gone.signal, deps.stopping]);
      const lines = Readable.from(follower(tail, workspace, first, signal));
      // Past the JSON serialiser: these are lines
      return reply.type('application/x-ndjson; charset=utf-8').send(lines as never);
    },
  );
}

async function* follower<V>(
  tail: Tail<V>,
  workspace: string,
  first: Awaited<ReturnType<Tail<V>['page']>>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let page = first;
  let quiet = 0;
  yield '\n'; // the head of the answer goes out with the first byte
  while (!signal.aborted) {
    for (const item of page.items) yield `${JSON.stringify(item)}\n`;
    quiet = page.items.length === 0 ? quiet + POLL_MS : 0;
    if (quiet >= HEARTBEAT_MS) {
      quiet = 0;
      yield '\n';
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) page = await tail.page(workspace, MAX_PAGE, page.cursor);
  }
}
