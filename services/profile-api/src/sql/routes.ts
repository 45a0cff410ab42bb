import type { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { isKenalError } from '@kenal/errors';
import type { Logger, Metrics, ReadKeys } from '@kenal/service-kit';
import { readKeyOf } from '@kenal/service-kit';
import type { RawAnswer } from '@kenal/warehouse';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contentTypeOf } from './content-type.ts';
import { describeSql } from './describe.ts';
import { readSqlRequest } from './request.ts';
import type { RunSql } from './run.ts';
import { CODES, engineFault, SqlFault, statusOf } from './sql-fault.ts';

export interface SqlRouteDeps {
  readonly run: RunSql;
  readonly readKeys: ReadKeys;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Mount the handler under a path. */
export function mountSql(app: FastifyInstance, path: string, deps: SqlRouteDeps): void {
  const queries = deps.metrics.counter('kenal_sql_queries_total', 'statements of readers by outcome', ['outcome']);
  const seconds = deps.metrics.histogram('kenal_sql_query_seconds', 'time to answer a statement', [0.01, 0.1, 1, 10]);
  const refuse = (reply: FastifyReply, error: unknown): FastifyReply => {
    const fault = toFault(deps.logger, error);
    queries.inc({ outcome: fault.code === CODES.ACCESS_DENIED ? 'refused' : 'failed' });
    return sendFault(reply, fault, error);
  };
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const stop = seconds.startTimer();
    try {
      const answer = await answerOf(deps, request, reply);
      queries.inc({ outcome: 'answered' });
      return answer;
    } catch (error) {
      if (!reply.raw.destroyed) return refuse(reply, error);
      queries.inc({ outcome: 'left' }); // nobody is there to be told, and nothing is wrong
      return reply.hijack();
    } finally {
      stop();
    }
  };
  // Before the body is read: a stranger's takes no memory
  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    try {
      workspaceOf(deps.readKeys, request);
      return undefined;
    } catch (error) {
      return refuse(reply, error);
    }
  };
  app.get(path, { config: { openapi: describeSql('GET') } }, handler);
  app.post(path, { onRequest, config: { openapi: describeSql('POST') } }, handler);
}

/** @throws SqlFault */
function workspaceOf(readKeys: ReadKeys, request: FastifyRequest): string {
  const key = readKeyOf(request);
  const reader = key === null ? null : readKeys.readerOf(key);
  if (reader?.verbs.includes('sql')) return reader.workspace;
  if (reader !== null)
    throw SqlFault.of(
      'ACCESS_DENIED',
      `Not enough privileges: ${reader.name} may not ask SQL, its verbs are ${reader.verbs.join(', ')}`,
    );
  throw SqlFault.of(
    'AUTHENTICATION_FAILED',
    'Authentication failed: the password must be a read key; any user name will do',
  );
}

async function answerOf(deps: SqlRouteDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const workspace = workspaceOf(deps.readKeys, request);
  const body = Buffer.isBuffer(request.body) ? request.body : undefined;
  const asked = readSqlRequest(request.headers, request.query as Record<string, unknown>, body);
  // A reader that goes away cancels its query.
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new Error('the client went away'));
  });
  const answer = await deps.run(asked, workspace, gone.signal);
  writeHeaders(reply, answer);
  if (!asked.gzip) return reply.send(answer.stream);
  reply.header('content-encoding', 'gzip').header('vary', 'accept-encoding');
  return reply.send(zipped(answer.stream));
}

function writeHeaders(reply: FastifyReply, answer: RawAnswer): void {
  reply
    .code(200)
    .header('content-type', contentTypeOf(answer.format))
    .header('x-clickhouse-query-id', answer.queryId)
    .header('x-clickhouse-summary', JSON.stringify(answer.summary))
    .header('x-clickhouse-format', answer.format)
    .header('x-clickhouse-timezone', answer.timezone)
    .header('x-clickhouse-server-display-name', 'kenal');
}

function zipped(stream: Readable): Readable {
  const gzip = createGzip();
  stream.once('error', (error) => gzip.destroy(error));
  return stream.pipe(gzip);
}

function toFault(logger: Logger, error: unknown): SqlFault {
  const fault = engineFault(error);
  if (fault !== null) return fault;
  if (isKenalError(error)) {
    const name = error.code === 'overloaded' ? 'TOO_MANY_SIMULTANEOUS_QUERIES' : 'UNKNOWN_EXCEPTION';
    return new SqlFault(CODES[name], `${error.message}. (${name})`, error);
  }
  logger.error({ err: error }, 'a statement of a reader failed unexpectedly');
  return SqlFault.of('UNKNOWN_EXCEPTION', 'An unexpected fault, kept in the server log');
}

function sendFault(reply: FastifyReply, fault: SqlFault, error: unknown): FastifyReply {
  const status = isKenalError(error) && error.code !== 'sql_failed' ? error.status : statusOf(fault.code);
  if (status === 401) reply.header('www-authenticate', 'Basic realm="ClickHouse server HTTP API"');
  if (status === 503) reply.header('retry-after', '1');
  return reply
    .code(status)
    .header('content-type', 'text/plain; charset=UTF-8')
    .header('x-clickhouse-exception-code', String(fault.code))
    .header('x-clickhouse-server-display-name', 'kenal')
    .send(fault.body);
}
