import { CLIENT_CODES, errorOf, KenalApiError } from './errors.ts';
import { backOffMs, wait } from './wait.ts';

export interface CallOptions {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  /** The answer goes on as long as both want: only its first byte has to come in time. Asked for until somebody answers. */
  readonly isStream?: boolean;
  /** In a browser it shall arrive although its page is gone, where it is small enough. */
  readonly outlivesPage?: boolean;
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
/** Browsers let calls end after their page is gone that have 64 KiB together, and refuse what is more (fetch.spec.whatwg.org). */
const KEEPALIVE_BYTES = 60_000;

/** What came, or why nothing did: a `fetch` of the caller's may have answers of a class of its own. */
type Outcome = { readonly reply: Response; readonly cause?: never } | { readonly reply: null; readonly cause: unknown };

/** Calls to Kenal. All of them may be repeated: reads, and events with ids. */
export function createCaller({ url, fetch, retries, timeoutMs }: CallerOptions): Call {
  const root = url.replace(/\/+$/, '');

  async function attempt(path: string, keepalive: boolean, options: CallOptions): Promise<Outcome> {
    const { signal, isStream, method = 'GET', headers = {}, body } = options;
    const ending = new AbortController();
    const end = (): void => ending.abort(signal?.reason);
    signal?.addEventListener('abort', end);
    const late = setTimeout(() => ending.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const sent = body === undefined ? {} : { body };
    let goesOn = false;
    try {
      const reply = await fetch(`${root}${path}`, { method, headers, ...sent, keepalive, signal: ending.signal });
      goesOn = isStream === true && reply.ok;
      if (goesOn) return { reply };
      const answer = await reply.arrayBuffer();
      return { reply: new Response(hasNoBody(reply.status) ? null : answer, reply) };
    } catch (cause) {
      return { reply: null, cause };
    } finally {
      clearTimeout(late);
      if (!goesOn) signal?.removeEventListener('abort', end);
    }
  }

  return async function call(path, options = {}) {
    const most = options.isStream === true ? Number.POSITIVE_INFINITY : retries;
    let keepalive = options.outlivesPage === true && isSmall(options.body ?? '');
    for (let tries = 0; ; tries++) {
      options.signal?.throwIfAborted();
      const { reply, cause } = await attempt(path, keepalive, options);
      options.signal?.throwIfAborted();
      if (reply?.ok === true) return reply;
      if (reply !== null && (!LATER.includes(reply.status) || tries >= most)) throw await errorOf(reply);
      if (reply === null && tries >= most) throw unreachable(root, cause);
      // Other calls of the page may have had all that a browser has for them
      if (reply === null) keepalive = false;
      await wait(backOffMs(tries, reply?.headers.get('retry-after') ?? null), options.signal);
    }
  };
}

function isSmall(body: string): boolean {
  return body.length < KEEPALIVE_BYTES && new TextEncoder().encode(body).length < KEEPALIVE_BYTES;
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
  for (const [name, value] of Object.entries(parts)) if (value !== undefined) query.set(name, textOf(value));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** A list has commas between its values; one inside of a value, such as the name of a trait, has a backslash before it. */
function textOf(value: unknown): string {
  return Array.isArray(value) ? value.map((one) => String(one).replace(/[\\,]/g, '\\$&')).join() : String(value);
}
