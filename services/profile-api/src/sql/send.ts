import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RawAnswer } from '@kenal/warehouse';
import type { FastifyReply } from 'fastify';
import { blocksOf, plainBlock } from './blocks/compressed-blocks.ts';
import { createCoder } from './coding.ts';
import { contentTypeOf } from './content-type.ts';
import { createExceptionTag, lateFailure } from './late-failure.ts';
import type { SqlWire } from './request.ts';
import { type SqlFault, statusOf } from './sql-fault.ts';
import { createTaker } from './taker.ts';

/** What the drivers show as the name of the server. */
const NAME = { 'x-clickhouse-server-display-name': 'kenal' };

/**
 * Send an answer as it comes. Where it fails half-way the last bytes say so, and the connection is cut without an end of the
 * body: with a proper one some drivers take a short result for the whole.
 * @param toFault what to tell of a failure
 * @returns the failure, or null
 * @throws where the client went away
 */
export async function sendAnswer(
  reply: FastifyReply,
  answer: RawAnswer,
  { inBlocks, coding }: SqlWire,
  toFault: (error: unknown) => SqlFault,
): Promise<SqlFault | null> {
  const tag = createExceptionTag();
  let fault: SqlFault | null = null;
  async function* body(): AsyncGenerator<Buffer> {
    try {
      yield* inBlocks ? blocksOf(answer.stream) : answer.stream;
    } catch (error) {
      if (reply.raw.destroyed) return; // nobody is there to be told
      fault = toFault(error);
      const told = lateFailure(tag, fault.body);
      yield inBlocks ? plainBlock(told) : told;
    }
  }
  reply.hijack();
  const raw = reply.raw;
  raw.writeHead(200, {
    ...NAME,
    'content-type': contentTypeOf(answer.format),
    'x-clickhouse-query-id': answer.queryId,
    'x-clickhouse-summary': JSON.stringify(answer.summary),
    'x-clickhouse-format': answer.format,
    'x-clickhouse-timezone': answer.timezone,
    'x-clickhouse-exception-tag': tag,
    ...(coding ? { 'content-encoding': coding, vary: 'accept-encoding' } : {}),
  });
  try {
    const coder = coding ? [createCoder(coding)] : [];
    await pipeline([Readable.from(body(), { objectMode: false }), ...coder, createTaker(raw)]);
  } finally {
    answer.stream.destroy();
  }
  if (fault === null) await end(raw);
  else raw.socket?.destroySoon();
  return fault;
}

function end(raw: ServerResponse): Promise<void> {
  return new Promise((resolve) => raw.end(resolve));
}

/** Tell an error that came before anything else. */
export function sendFault(
  reply: FastifyReply,
  fault: SqlFault,
  { inBlocks }: SqlWire,
  known: { readonly status?: number | undefined; readonly queryId: string },
): FastifyReply {
  const status = known.status ?? statusOf(fault.code);
  if (status === 401) reply.header('www-authenticate', 'Basic realm="ClickHouse server HTTP API"');
  if (status === 503) reply.header('retry-after', '1');
  return reply
    .code(status)
    .headers({
      ...NAME,
      'content-type': 'text/plain; charset=UTF-8',
      'x-clickhouse-exception-code': String(fault.code),
      'x-clickhouse-query-id': known.queryId,
      'x-clickhouse-timezone': 'UTC',
    })
    .send(inBlocks ? plainBlock(Buffer.from(fault.body)) : fault.body);
}
