import { hash } from 'node:crypto';
import { type Clock, MICROS_PER_SECOND, type Micros } from '@kenal/contracts';
import { TOLERANCE_SECONDS } from './scheme.ts';

/**
 * What is known of a request that carries this key.
 * new: nobody keeps it yet; publish, then `remember` or `release` · repeat: the same body is durable already, answer as
 * the first time and publish nothing · reused: the key came with another body, refuse it (`signature_reused`)
 */
export type Replay = 'new' | 'repeat' | 'reused';

/**
 * Remembers which signed requests are durable. Only ever a short cut: what it has forgotten, or never knew because the
 * process is new, lands once by its message id. For keys that do not cover the body (Mailgun) it is the only defence.
 */
export interface ReplayCache {
  /**
   * Ask, and where the answer is `new` hold the key until `remember` or `release`. Two copies of one body at the same
   * moment are both `new`: neither may be answered before it is durable, and their message id makes one of them.
   * Another body under a held key is `reused` at once, though the first may still fail: its sender comes again.
   * @param source workspace and id @param replayKey as the verdict gave it
   */
  claim(source: string, replayKey: string, bodyHash: string): Replay;
  /** What was claimed is durable. */
  remember(source: string, replayKey: string, bodyHash: string): void;
  /** What was claimed did not become durable. */
  release(source: string, replayKey: string, bodyHash: string): void;
  readonly size: number;
}

interface Entry {
  readonly bodyHash: string;
  /** Requests under way. */
  claims: number;
  durable: boolean;
  readonly at: Micros;
}

export interface ReplayCacheOptions {
  readonly clock: Clock;
  /** How long an entry lives: a signature that is 300 s ahead of us is good for 600 s. */
  readonly lifeSeconds?: number;
  /** Hard limit, the oldest go first; one takes about 300 bytes. */
  readonly most?: number;
}

const LONGEST_KEY = 128;

export function createReplayCache({
  clock,
  lifeSeconds = 2 * TOLERANCE_SECONDS,
  most = 100_000,
}: ReplayCacheOptions): ReplayCache {
  // In the order in which they were made or became durable, so the oldest are first
  const entries = new Map<string, Entry>();
  const life = lifeSeconds * MICROS_PER_SECOND;

  function find(name: string): Entry | undefined {
    const entry = entries.get(name);
    return entry !== undefined && clock() - entry.at < life ? entry : undefined;
  }

  function put(name: string, entry: Entry): void {
    entries.delete(name);
    entries.set(name, entry);
    for (const [oldest, { at }] of entries) {
      if (entries.size <= most && entry.at - at < life) break;
      entries.delete(oldest);
    }
  }

  return {
    claim(source, replayKey, bodyHash) {
      const name = nameOf(source, replayKey);
      const entry = find(name);
      if (entry === undefined) {
        put(name, { bodyHash, claims: 1, durable: false, at: clock() });
        return 'new';
      }
      if (entry.bodyHash !== bodyHash) return 'reused';
      if (entry.durable) return 'repeat';
      entry.claims++;
      return 'new';
    },
    remember(source, replayKey, bodyHash) {
      const name = nameOf(source, replayKey);
      const claims = (find(name)?.claims ?? 1) - 1;
      put(name, { bodyHash, claims, durable: true, at: clock() });
    },
    release(source, replayKey, bodyHash) {
      const name = nameOf(source, replayKey);
      const entry = entries.get(name);
      if (entry === undefined || entry.durable || entry.bodyHash !== bodyHash) return;
      if (--entry.claims === 0) entries.delete(name);
    },
    get size() {
      return entries.size;
    },
  };
}

/** Hash of a body for the replay cache. */
export function bodyHashOf(body: Uint8Array): string {
  return hash('sha256', body, 'base64');
}

/** A key may be as long as a header; the memory of an entry must not be. */
function nameOf(source: string, replayKey: string): string {
  return `${source} ${replayKey.length > LONGEST_KEY ? hash('sha256', replayKey, 'base64') : replayKey}`;
}
