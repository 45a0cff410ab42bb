import { AnswerError, call } from './call.ts';
import type { Instance } from './instance.ts';

export interface SqlOptions {
  /** Output format of ClickHouse where the statement names none. */
  readonly format: string;
  /** Values of `{name:Type}` placeholders. */
  readonly params?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Ask SQL. @returns the answer's bytes as they come, and their format */
export async function askSql(instance: Instance, sql: string, options: SqlOptions): Promise<Response> {
  // Whole, so that a statement that fails late is told as any other; and as it is, on a machine's own wire
  const query = new URLSearchParams({
    default_format: options.format,
    wait_end_of_query: '1',
    enable_http_compression: '0',
  });
  for (const [name, value] of Object.entries(options.params ?? {})) query.set(`param_${name}`, value);
  return call(`${instance.apiUrl}/v1/sql?${query}`, {
    method: 'POST',
    key: instance.readKey(),
    body: sql,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

/** Bytes of an answer as they come: Parquet stays Parquet, and a long answer needs no memory. @throws AnswerError where it breaks off */
export async function* piecesOf(reply: Response): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* reply.body ?? [];
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new AnswerError('the answer broke off in the middle: Kenal stopped', 'sql_failed', reply.status);
  }
}

/** How many rows an answer has. */
export function rowsOf(reply: Response): number {
  const summary = JSON.parse(reply.headers.get('x-clickhouse-summary') ?? '{}') as { result_rows?: string };
  return Number(summary.result_rows ?? 0);
}

/** Ask SQL. @returns rows as objects; 64-bit numbers as text */
export async function sqlRows<T>(instance: Instance, sql: string, params?: SqlOptions['params']): Promise<T[]> {
  const reply = await askSql(instance, sql, { format: 'JSONEachRow', ...(params === undefined ? {} : { params }) });
  const text = await reply.text();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}
