import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { faultOfWebhookUrl } from '@kenal/service-kit';
import { lookupOf, pinAddress, refuseClosed } from '../outgoing/pinned-address.ts';
import { readHead } from '../outgoing/read-head.ts';
import type { ResolveHost } from '../outgoing/resolve-host.ts';

/** What came back of one attempt. */
export interface Reply {
  /** HTTP status; 0 where there was none. */
  readonly status: number;
  /** Why it did not arrive; '' where it did. */
  readonly error: string;
  /** The first characters of the body. */
  readonly head: string;
  /** `retry-after` in milliseconds; 0 where it was not sent. */
  readonly retryAfterMs: number;
}

export interface Outgoing {
  readonly url: string;
  readonly allowsLoopback: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Post = (outgoing: Outgoing) => Promise<Reply>;

export interface PostOptions {
  readonly resolve: ResolveHost;
  /** Milliseconds for all of it: name, connection, answer. Default 15 s. */
  readonly timeoutMs?: number;
  /** Ends what is on its way. */
  readonly stopping?: AbortSignal;
  /** PEM of an authority beside those of the machine; for tests. */
  readonly ca?: string;
}

const TIMEOUT_MS = 15_000;
/** Bytes of an answer that are read, and characters of it that are kept. */
const READ_BYTES = 16_384;
const KEPT_CHARACTERS = 1_000;
const IDLE = { keepAlive: true, timeout: 30_000, maxFreeSockets: 1_024 };

/**
 * Send by POST to an address of strangers, and never to one of ours: the name is resolved once, each address that it has
 * is looked at, and the connection goes to one that was, whatever the name says a moment later. Redirects are not
 * followed. It never rejects.
 */
export function createPost({ resolve, timeoutMs = TIMEOUT_MS, stopping, ca }: PostOptions): Post {
  const http = new HttpAgent(IDLE);
  const https = new HttpsAgent({ ...IDLE, ...(ca === undefined ? {} : { ca }) });

  async function send({ url: text, allowsLoopback, headers, body }: Outgoing, signal: AbortSignal): Promise<Reply> {
    const fault = faultOfWebhookUrl(text, allowsLoopback);
    if (fault !== null) throw new Error(`the address ${fault}`);
    const url = new URL(text);
    const pinned = await Promise.race([pinAddress(url, allowsLoopback, resolve), aborted(signal)]);
    const options = {
      ...{ method: 'POST', headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) }, signal },
      lookup: lookupOf(pinned),
    };
    const answer = await new Promise<IncomingMessage>((resolveAnswer, reject) => {
      const request =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: https })
          : httpRequest(url, { ...options, agent: http });
      refuseClosed(request, allowsLoopback);
      request.on('response', resolveAnswer).on('error', reject).end(body);
    });
    return readReply(answer);
  }

  return async function post(outgoing) {
    const late = AbortSignal.timeout(timeoutMs);
    const signal = stopping === undefined ? late : AbortSignal.any([late, stopping]);
    try {
      return await send(outgoing, signal);
    } catch (error) {
      const why = late.aborted ? `no answer within ${timeoutMs / 1_000} s` : reasonOf(error);
      return { status: 0, error: why, head: '', retryAfterMs: 0 };
    }
  };
}

/** The status is the answer: a body that breaks off, or does not end in time, changes nothing of it. */
async function readReply(answer: IncomingMessage): Promise<Reply> {
  const { statusCode: status = 0 } = answer;
  const head = readable((await readHead(answer, READ_BYTES)).text);
  const isFine = status >= 200 && status < 300;
  const redirect = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  const error = isFine ? '' : `answered ${status}${redirect}`;
  return { status, error, head, retryAfterMs: retryAfterOf(answer.headers['retry-after']) };
}

/** `120`, or `Wed, 21 Oct 2026 07:28:00 GMT`. */
function retryAfterOf(header: string | undefined): number {
  if (header === undefined) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

function readable(text: string): string {
  return text
    .slice(0, KEPT_CHARACTERS)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // `AggregateError` of a connection that failed on every address has no words of its own
  const { code } = error as NodeJS.ErrnoException;
  return error.message || code || error.name;
}
