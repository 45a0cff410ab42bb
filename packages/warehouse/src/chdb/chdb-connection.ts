import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ClickHouseClientConfigOptions } from '@clickhouse/client';
import { formatParam } from '../param-text.ts';
import type { Settings } from '../warehouse.ts';
import { beginAnswer, createWaiting } from './begun-answer.ts';
import type { NativeAnswer, NativeRequest, TakeBytes } from './guarded-session.ts';
import { parseInsert } from './insert-statement.ts';
import { roleOf } from './request-role.ts';
import type { Pool } from './session-pool.ts';

/** What `createClient({ connection })` takes: the six verbs of @clickhouse/client. */
export type ClientConnection = NonNullable<ClickHouseClientConfigOptions['connection']>;
type QueryParams = Parameters<ClientConnection['query']>[0];

/** Settings of the HTTP layer: the engine does not know them, and in process they mean nothing. */
export const HTTP_ONLY: ReadonlySet<string> = new Set([
  'wait_end_of_query',
  'send_progress_in_http_headers',
  'http_response_buffer_size',
  'http_headers_progress_interval_ms',
  'enable_http_compression',
  'http_zlib_compression_level',
  'cancel_http_readonly_queries_on_client_close',
  'readonly', // these two decide the role, see roleOf
  'priority',
  'default_format',
  'database', // a reader's session has its own, see SessionPool
]);

/**
 * chDB as a connection of @clickhouse/client, over a pool of guarded sessions (unlike chdb's own connection, which lets
 * the remains of a failed query into the next answer and leaves settings on the session).
 * The settings of a request decide on whose session it runs, see roleOf.
 */
export function createChdbConnection(pool: Pool): ClientConnection {
  const waiting = createWaiting();
  const run = (params: QueryParams, request: Partial<NativeRequest> & { sql: string }, take?: TakeBytes) =>
    pool.run(
      roleOf(params.clickhouse_settings ?? {}),
      {
        format: String(params.clickhouse_settings?.default_format ?? 'TabSeparated'),
        settings: engineSettings(params.clickhouse_settings),
        params: engineParams(params),
        ...request,
      },
      params.abort_signal,
      take,
    );
  /** Without `wait_end_of_query` as it comes, as on a server. */
  const ask = async (params: QueryParams) => {
    if (params.clickhouse_settings?.wait_end_of_query !== 0)
      return answer(params, await run(params, { sql: params.query }));
    const { stream, known } = await beginAnswer((take, tooSlow) => {
      const ends = AbortSignal.any([tooSlow, ...(params.abort_signal ? [params.abort_signal] : [])]);
      return run({ ...params, abort_signal: ends }, { sql: params.query }, take);
    }, waiting);
    return described(params, known, stream);
  };
  const withRows = async (params: QueryParams, values: string | Readable) => {
    const rows = await collect(values);
    if (rows.length === 0) return EMPTY;
    const target = parseInsert(params.query);
    if (target !== null) return run(params, { sql: '', insert: { target, rows } });
    return run(params, { sql: `${params.query}\n${rows.toString('utf8')}` });
  };
  return {
    query: async (params) => answer(params, await run(params, { sql: params.query })),
    exec: async (params) =>
      params.values === undefined ? ask(params) : answer(params, await withRows(params, params.values)),
    insert: async (params) => answer(params, await withRows(params, params.values)),
    command: async (params) => answer(params, await run(params, { sql: params.query })),
    ping: async () => {
      try {
        await pool.run('reader', { sql: 'SELECT 1', format: 'Null', settings: {}, params: {} });
        return { success: true };
      } catch (error) {
        return { success: false, error: error instanceof Error ? error : new Error(String(error)) };
      }
    },
    close: () => pool.close(),
  };
}

const PARAM = 'param_';

const EMPTY: NativeAnswer = {
  bytes: new Uint8Array(0),
  rowsRead: 0,
  bytesRead: 0,
  rowsWritten: 0,
  elapsedSeconds: 0,
};

function engineSettings(settings: QueryParams['clickhouse_settings']): Settings {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(settings ?? {})) {
    if (value === undefined || HTTP_ONLY.has(name) || name.startsWith(PARAM)) continue;
    kept[name] = typeof value === 'boolean' ? Number(value) : (value as string | number);
  }
  return kept;
}

/** Placeholders' values come as JS values, or among the settings as they stand in a URL. */
function engineParams({ query_params: values, clickhouse_settings: settings }: QueryParams): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(values ?? {})) params[name] = formatParam(value);
  for (const [name, value] of Object.entries(settings ?? {}))
    if (name.startsWith(PARAM)) params[name.slice(PARAM.length)] = String(value);
  return params;
}

function answer(params: QueryParams, result: NativeAnswer) {
  return described(params, () => result, streamOf(result.bytes));
}

/** @param known figures, which may grow; of rows and bytes chDB tells those of the result, not what it read for it */
function described(params: QueryParams, known: () => Omit<NativeAnswer, 'bytes'>, stream: Readable) {
  const queryId = params.query_id ?? randomUUID();
  return {
    stream,
    query_id: queryId,
    summary: summaryOf(known),
    http_status_code: 200,
    response_headers: { 'x-clickhouse-query-id': queryId, 'x-clickhouse-timezone': 'UTC' },
  };
}

function summaryOf(known: () => Omit<NativeAnswer, 'bytes'>) {
  const rows = () => String(known().rowsRead);
  const bytes = () => String(known().bytesRead);
  return {
    ...{ written_bytes: '0', total_rows_to_read: '0', written_rows: String(known().rowsWritten) },
    get read_rows() {
      return rows();
    },
    get read_bytes() {
      return bytes();
    },
    get result_rows() {
      return rows();
    },
    get result_bytes() {
      return bytes();
    },
    get elapsed_ns() {
      return String(Math.round(known().elapsedSeconds * 1e9));
    },
  };
}

/** A stream of bytes that is already there. Destroying it unread, as ResultSet.close does, is no fault. */
function streamOf(bytes: Uint8Array): Readable {
  const stream = Readable.from(bytes.length === 0 ? [] : [Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)], {
    objectMode: false,
  });
  stream.on('error', () => undefined);
  return stream;
}

async function collect(values: string | Readable): Promise<Buffer> {
  if (typeof values === 'string') return Buffer.from(values);
  const chunks: Buffer[] = [];
  for await (const chunk of values) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}
