import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { isKenalError } from '@kenal/errors';
import type { NativeAnswer } from '../chdb/guarded-session.ts';
import { isSqlError, mapFault } from '../sql-error.ts';

export interface AnswerContext {
  readonly queryId: string;
  readonly format: string;
  /** The client understands gzip and asked for it. */
  readonly compress: boolean;
}

const NAME = 'kenal-chdb';
const CODES_404 = new Set([60, 81, 46]);
const CODES_403 = new Set([164, 497, 516]);
const CODES_503 = new Set([202, 241]);

/** Answer with what the engine wrote. */
export async function sendResult(
  response: ServerResponse,
  result: NativeAnswer,
  context: AnswerContext,
): Promise<void> {
  const summary = {
    read_rows: String(result.rowsRead),
    read_bytes: String(result.bytesRead),
    written_rows: String(result.rowsWritten),
    written_bytes: '0',
    total_rows_to_read: '0',
    result_rows: String(result.rowsRead),
    result_bytes: String(result.bytesRead),
    elapsed_ns: String(Math.round(result.elapsedSeconds * 1e9)),
  };
  response.setHeader('X-ClickHouse-Summary', JSON.stringify(summary));
  await send(response, 200, result.bytes, context);
}

/** Answer as ClickHouse does where a statement fails: `Code: 62. DB::Exception: …` and the code in a header. */
export async function sendFault(response: ServerResponse, error: unknown, context: AnswerContext): Promise<void> {
  const fault = mapFault(error);
  let code = 1002; // UNKNOWN_EXCEPTION
  let status = 500;
  let text = `Code: ${code}. DB::Exception: ${fault.message} (UNKNOWN_EXCEPTION)`;
  if (isSqlError(fault)) {
    code = fault.clickhouseCode;
    status = CODES_404.has(code) ? 404 : CODES_403.has(code) ? 403 : CODES_503.has(code) ? 503 : 400;
    text = fault.exception;
  } else if (isKenalError(fault)) {
    code = fault.retryable ? 202 : 36; // TOO_MANY_SIMULTANEOUS_QUERIES, BAD_ARGUMENTS
    status = fault.status;
    text = `Code: ${code}. DB::Exception: ${fault.message} (${fault.retryable ? 'TOO_MANY_SIMULTANEOUS_QUERIES' : 'BAD_ARGUMENTS'})`;
  }
  response.setHeader('X-ClickHouse-Exception-Code', String(code));
  await send(response, status, Buffer.from(`${text}\n`), { ...context, format: 'TabSeparated' });
}

async function send(
  response: ServerResponse,
  status: number,
  bytes: Uint8Array,
  { queryId, format, compress }: AnswerContext,
): Promise<void> {
  if (response.destroyed) return;
  const body = compress ? await promisify(gzip)(bytes, { level: 1 }) : bytes;
  response.writeHead(status, {
    'Content-Type': format.startsWith('JSON') ? 'application/json; charset=UTF-8' : 'text/plain; charset=UTF-8',
    'Content-Length': body.length,
    ...(compress ? { 'Content-Encoding': 'gzip' } : {}),
    'X-ClickHouse-Server-Display-Name': NAME,
    'X-ClickHouse-Query-Id': queryId,
    'X-ClickHouse-Format': format,
    'X-ClickHouse-Timezone': 'UTC',
  });
  response.end(body);
}
