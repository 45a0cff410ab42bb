import { randomUUID } from 'node:crypto';
import type { KeyVerb } from '@kenal/contracts';
import type { Logger, Metrics, Reader, ReadKeys } from '@kenal/service-kit';
import { readKeyOf } from '@kenal/service-kit';
import type { RawAnswer } from '@kenal/warehouse';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { describeSql } from './describe.ts';
import type { QueryLog } from './query-log.ts';
import { readSqlRequest, readWire, type SqlRequest } from './request.ts';
import type { RunSql } from './run.ts';
import { sendAnswer, sendFault } from './send.ts';
import { CODES, httpStatusOf, SqlFault, toSqlFault } from './sql-fault.ts';

export interface SqlRouteDeps {
  readonly run: RunSql;
  readonly readKeys: ReadKeys;
  readonly queryLog: QueryLog;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Verbs that a key needs beside `sql`; then the API description leaves it out. */
  readonly also?: readonly KeyVerb[];
}

/** What is known of a statement while it runs. */
interface Course {
  readonly startedAt: number;
  reader?: Reader;
  asked?: SqlRequest;
  answer?: RawAnswer;
  queryId: string;
  /** Code of ClickHouse; 0 where it was answered. */
  code: number;
}

// Not part of the API description (an option of @fastify/swagger).
const HIDDEN = { hide: true } as FastifySchema;

/** The reader closed the connection. */
const LEFT = 394;

/** Mount the handler under a path, with what ClickHouse answers there where nothing is asked. */
export function mountSql(app: FastifyInstance, path: string, deps: SqlRouteDeps): void {
  const queries = deps.metrics.counter('kenal_sql_queries_total', 'statements of readers by outcome', ['outcome']);
  const seconds = deps.metrics.histogram('kenal_sql_query_seconds', 'time to answer a statement', [0.01, 0.1, 1, 10]);
  const toFault = (error: unknown): SqlFault => toSqlFault(deps.logger, error);
  const refuse = (request: FastifyRequest, reply: FastifyReply, error: unknown, course: Course): FastifyReply => {
    const fault = toFault(error);
    course.code = fault.code;
    const known = { status: httpStatusOf(error), queryId: course.queryId };
    return sendFault(reply, fault, readWire(request.headers, queryOf(request)), known);
  };
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const course: Course = { startedAt: Date.now(), queryId: randomUUID(), code: 0 };
    try {
      await answer(deps, request, reply, course, toFault);
      return reply;
    } catch (error) {
      if (!reply.raw.destroyed && !reply.raw.headersSent) return refuse(request, reply, error, course);
      course.code ||= LEFT; // nobody is there to be told, and nothing is wrong
      reply.raw.destroy();
      return reply.hijack();
    } finally {
      queries.inc({ outcome: outcomeOf(course.code) });
      seconds.observe((Date.now() - course.startedAt) / 1_000);
      record(deps.queryLog, request, course);
    }
  };
  // Before the body is read: a stranger's takes no memory
  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    try {
      readerOf(deps, request);
      return undefined;
    } catch (error) {
      queries.inc({ outcome: 'refused' });
      return refuse(request, reply, error, { startedAt: 0, queryId: randomUUID(), code: 0 });
    }
  };
  for (const name of ['ping', 'replicas_status'])
    app.get(`${path === '/' ? '' : path}/${name}`, { schema: HIDDEN }, (_request, reply) =>
      reply.type('text/plain; charset=UTF-8').send('Ok.\n'),
    );
  const described = (method: 'GET' | 'POST') =>
    deps.also === undefined ? { config: { openapi: describeSql(method) } } : { schema: HIDDEN };
  app.get(path, described('GET'), handler);
  app.post(path, { onRequest, ...described('POST') }, handler);
}

async function answer(
  deps: SqlRouteDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  course: Course,
  toFault: (error: unknown) => SqlFault,
): Promise<void> {
  course.reader = readerOf(deps, request);
  const body = Buffer.isBuffer(request.body) ? request.body : undefined;
  const asked = await readSqlRequest(request.headers, queryOf(request), body);
  course.asked = asked;
  course.queryId = asked.queryId ?? course.queryId;
  // A reader that goes away ends its query.
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new Error('the client went away'));
  });
  course.answer = await deps.run({ ...asked, queryId: course.queryId }, course.reader.workspace, gone.signal);
  const fault = await sendAnswer(reply, course.answer, readWire(request.headers, queryOf(request)), toFault);
  if (fault !== null) course.code = gone.signal.aborted ? LEFT : fault.code;
}

function queryOf(request: FastifyRequest): Readonly<Record<string, unknown>> {
  return request.query as Record<string, unknown>;
}

/** @throws SqlFault */
function readerOf({ readKeys, also = [] }: SqlRouteDeps, request: FastifyRequest): Reader {
  const key = readKeyOf(request);
  const reader = key === null ? null : readKeys.readerOf(key);
  const lacking = (['sql', ...also] as const).filter((verb) => reader?.verbs.includes(verb) === false);
  if (reader !== null && lacking.length === 0) return reader;
  if (reader !== null)
    throw SqlFault.of(
      'ACCESS_DENIED',
      `Not enough privileges: ${reader.name} may not ask SQL here, its verbs are ${reader.verbs.join(', ')}`,
    );
  throw SqlFault.of(
    'AUTHENTICATION_FAILED',
    'Authentication failed: the password must be a read key; any user name will do',
  );
}

function outcomeOf(code: number): string {
  if (code === 0) return 'answered';
  if (code === LEFT) return 'left';
  return code === CODES.ACCESS_DENIED || code === CODES.AUTHENTICATION_FAILED ? 'refused' : 'failed';
}

function record(log: QueryLog, request: FastifyRequest, { reader, asked, answer, ...course }: Course): void {
  if (reader === undefined) return; // nobody's
  log.record({
    ...{ workspace: reader.workspace, reader: reader.name, queryId: course.queryId, query: asked?.sql ?? '' },
    format: answer?.format ?? '',
    client: request.headers['user-agent'] ?? '',
    startedAt: course.startedAt,
    seconds: (Date.now() - course.startedAt) / 1_000,
    summary: answer?.summary ?? {},
    exceptionCode: course.code,
    refused: course.code === CODES.ACCESS_DENIED,
  });
}
