import { createCaller } from './call.ts';
import { type Changes, createChanges } from './changes.ts';
import { CLIENT_CODES, KenalApiError } from './errors.ts';
import { createProfiles, type Profiles } from './profiles.ts';
import type { OnError } from './queue.ts';
import { createTracker, type Tracker } from './tracker.ts';

export interface KenalOptions {
  /** Of Kenal, as this program reaches it: `https://kenal.example.com`. */
  readonly url: string;
  /** Of the source that events are sent for; needed to send. One for browsers may be shown to anybody. */
  readonly writeKey?: string | undefined;
  /** Needed to read, never shown to a browser; or a token with which one person sees their own data. */
  readonly readKey?: string | undefined;
  /** A batch goes when so many events wait (default 100, at most 2,500) … */
  readonly flushAt?: number | undefined;
  /** … or so long after the first one (milliseconds, default 1,000). */
  readonly flushInterval?: number | undefined;
  /** Events that may wait while Kenal is away; default 10,000, more are refused. */
  readonly maxQueueSize?: number | undefined;
  /** How often sending or asking is tried again where Kenal is away or busy; default 10, some minutes. A feed comes back for ever. */
  readonly retries?: number | undefined;
  /** Of one try, milliseconds; default 35,000, as a read may wait 30 s for what was written. */
  readonly timeout?: number | undefined;
  /** Told of each event that is lost to Kenal; default: a line on the console. */
  readonly onError?: OnError | undefined;
  /** In place of the global one. */
  readonly fetch?: typeof fetch | undefined;
}

export interface Kenal extends Tracker {
  readonly profiles: Profiles;
  readonly changes: Changes;
}

const DEFAULTS = { flushAt: 100, flushInterval: 1_000, maxQueueSize: 10_000, retries: 10, timeout: 35_000 } as const;

/** A client of Kenal. @throws KenalApiError `bad_usage` where the address is none, or there is no key */
export function createKenal(options: KenalOptions): Kenal {
  const { url, writeKey, readKey, onError = report } = options;
  if (!/^https?:\/\/./.test(url ?? ''))
    throw new KenalApiError(CLIENT_CODES.badUsage, `url must be an address such as https://kenal.example.com`);
  if (writeKey === undefined && readKey === undefined)
    throw new KenalApiError(CLIENT_CODES.badUsage, 'sending takes writeKey, reading takes readKey: give one or both');
  const number = (name: keyof typeof DEFAULTS): number => options[name] ?? DEFAULTS[name];
  const ownFetch = options.fetch ?? ((...args) => fetch(...args));
  const call = createCaller({ url, fetch: ownFetch, retries: number('retries'), timeoutMs: number('timeout') });
  const tracker = createTracker({
    ...{ call, writeKey, onError, flushAt: Math.max(1, number('flushAt')) },
    ...{ flushIntervalMs: number('flushInterval'), maxQueueSize: number('maxQueueSize') },
  });
  const authorization: Record<string, string> = readKey === undefined ? {} : { authorization: `Bearer ${readKey}` };
  return {
    ...tracker,
    profiles: createProfiles({ call, authorization, tracker }),
    changes: createChanges(call, authorization),
  };
}

function report(error: KenalApiError, event: Readonly<Record<string, unknown>>): void {
  console.error(`kenal: event ${event.messageId} is lost: ${error.message} (${error.code})`);
}
