import { CLIENT_CODES, errorOf, KenalApiError } from './errors.ts';
import { backOffMs, wait } from './wait.ts';

export interface CallOptions {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  /** The answer goes on as long as both want: only its first byte has to come in time. */
  readonly isStream?: boolean;
}

/** @throws KenalApiError; what the signal was aborted with */
export type Call = (path: string, options?: CallOptions) => Promise<Response>;

export interface CallerOptions {
  readonly url: string;
  readonly fetch: typeof fetch;
  /** How often a call is tried again. */
  readonly retries: number;
  /** Of one try. */
  readonly timeoutMs: number;
}

/** Not now: whoever asks again later may be served. 502 and 504 are of proxies before Kenal. */
const LATER: readonly number[] = [429, 502, 503, 504];
/** Browsers let a call that is this small end after its page is gone. */
const KEEPALIVE_BYTES = 60_000;

/** Calls to Kenal. All of them may be repeated: reads, and events with ids. */
export function createCaller({ url, fetch, retries, timeoutMs }: CallerOptions): Call {
  const root = url.replace(/\/+$/, '');

  /** @returns the answer, or why there is none */
  async function attempt(path: string, { signal, isStream, ...options }: CallOptions): Promise<Response | unknown> {
    const ending = new AbortController();
    const end = (): void => ending.abort(signal?.reason);
    signal?.addEventListener('abort', end);
    const late = setTimeout(() => ending.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const keepalive = options.body !== undefined && options.body.length < KEEPALIVE_BYTES;
    try {
      const reply = await fetch(`${root}${path}`, { ...options, keepalive, signal: ending.signal });
      if (isStream === true) return reply;
      const body = await reply.arrayBuffer();
      return new Response(hasNoBody(reply.status) ? null : body, reply);
    } catch (cause) {
      return cause;
    } finally {
      clearTimeout(late);
      if (isStream !== true) signal?.removeEventListener('abort', end);
    }
  }

  return async function call(path, options = {}) {
    for (let tries = 0; ; tries++) {
      options.signal?.throwIfAborted();
      const reply = await attempt(path, options);
      options.signal?.throwIfAborted();
      const isAnswer = reply instanceof Response;
      if (isAnswer && reply.ok) return reply;
      if ((isAnswer && !LATER.includes(reply.status)) || tries >= retries)
        throw isAnswer ? await errorOf(reply) : unreachable(root, reply);
      await wait(backOffMs(tries, isAnswer ? reply.headers.get('retry-after') : null), options.signal);
    }
  };
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 304;
}

function unreachable(root: string, cause: unknown): KenalApiError {
  const said = cause instanceof Error ? cause : new Error(String(cause));
  const why = said.cause instanceof Error ? said.cause.message : said.message;
  return new KenalApiError(CLIENT_CODES.unreachable, `nobody answers at ${root}: ${why}`, 0, { cause });
}

/** A query of what is defined; lists with commas. @returns '' or `?a=1&b=2` */
export function queryOf(parts: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) if (value !== undefined) query.set(name, String(value));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
