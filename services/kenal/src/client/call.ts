import { type ErrorCode, KenalError } from '@kenal/errors';

/** An error that a running instance answered with. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  /** Code of the error catalogue, or `http_<status>`. */
  readonly code: string;
  readonly status: number;
  /** Seconds that the server asks to wait, null where it does not say. */
  readonly retryAfter: number | null;
  /** ClickHouse's own code of a statement that failed; null for all else. */
  readonly clickhouseCode: number | null;
  constructor(
    message: string,
    code: string,
    status: number,
    retryAfter: number | null = null,
    clickhouseCode: number | null = null,
  ) {
    super(message);
    this.clickhouseCode = clickhouseCode;
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Write or read key, sent as Basic user and password, as every client of the APIs may. */
  readonly key?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * One request to a running instance.
 * @throws KenalError `not_running` where nobody answers; AnswerError with the server's own sentence where it refuses
 */
export async function call(url: string, options: CallOptions = {}): Promise<Response> {
  const headers: Record<string, string> = { ...options.headers };
  if (options.key !== undefined)
    headers.authorization = `Basic ${Buffer.from(`${options.key}:${options.key}`).toString('base64')}`;
  let reply: Response;
  try {
    reply = await fetch(url, {
      method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
      headers,
      ...(options.body === undefined ? {} : { body: options.body }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    const why = causeOf(cause);
    throw new KenalError('not_running', `nobody answers at ${new URL(url).origin}${why === '' ? '' : ` (${why})`}`, {
      cause,
    });
  }
  if (reply.ok) return reply;
  throw await answerError(reply);
}

async function answerError(reply: Response): Promise<AnswerError> {
  const text = await reply.text();
  const wait = Number(reply.headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(wait) ? wait : null;
  try {
    const body = JSON.parse(text) as { code?: unknown; message?: unknown };
    if (typeof body.code === 'string' && typeof body.message === 'string')
      return new AnswerError(body.message, body.code, reply.status, retryAfter);
  } catch {
    // not JSON: ClickHouse's own errors are text
  }
  const said = text.trim().split('\n')[0] || `the server answered ${reply.status}`;
  const clickhouse = reply.headers.get('x-clickhouse-exception-code');
  if (clickhouse === null) return new AnswerError(said, `http_${reply.status}`, reply.status, retryAfter);
  return new AnswerError(said, sqlCodeOf(reply.status), reply.status, retryAfter, Number(clickhouse));
}

/** Code of the error catalogue for what the SQL endpoint refuses in ClickHouse's own words. */
function sqlCodeOf(status: number): ErrorCode {
  if (status === 401) return 'unknown_key';
  if (status === 403) return 'sql_refused';
  return status === 503 ? 'unavailable' : 'sql_failed';
}

function causeOf(error: unknown): string {
  const inner = error instanceof Error ? error.cause : undefined;
  if (!(inner instanceof Error)) return '';
  return 'code' in inner ? String(inner.code) : inner.message;
}
