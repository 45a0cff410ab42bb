import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isKenalError } from '@kenal/errors';
import { type Logger, problemOf } from '@kenal/service-kit';
import type { Audience } from './audience.ts';
import type { Crowd, Member } from './crowd.ts';
import type { AskGuard } from './erased.ts';
import type { ChangeReader } from './reader.ts';

export interface StreamDeps {
  readonly response: ServerResponse;
  readonly audience: Audience;
  readonly crowd: Crowd;
  readonly reader: ChangeReader;
  readonly ask: AskGuard;
  readonly logger: Logger;
  /** Calls back, once, when the ring has more. */
  readonly onceMore: (wake: () => void) => void;
  /** Whether the key may still follow. */
  readonly isAllowed: () => boolean;
  /** Ends it: the client went away, or the service stops. */
  readonly signal: AbortSignal;
  readonly onSent: () => void;
  readonly times?: Partial<StreamTimes> | undefined;
}

export interface StreamTimes {
  /** A sign of life comes so long after the last bytes at the latest, milliseconds. Default 15,000. */
  readonly beatMs: number;
  /** Who takes nothing of what was sent for so long is cut off. Default 120,000. */
  readonly stalledMs: number;
}

const TIMES: StreamTimes = { beatMs: 15_000, stalledMs: 120_000 };
/** Bytes that somebody may leave lying; they are shared with others of the audience. */
const MOST_PENDING = 256 * 1024;
const PATIENCE_MS = 1_000;
const AGAIN_MS = 500;
const LEVEL_MS = 10;
/** When a client that was cut off may come back: all of them not at once. */
const RETRY_MS = { least: 1_000, spread: 4_000 };

/** Send changes as long as somebody takes them: alone until they have seen what others have, then with these. */
export async function streamChanges(deps: StreamDeps): Promise<void> {
  const { response, audience, crowd, reader, signal } = deps;
  const connection = createConnection(deps);

  async function withOthers(number: number): Promise<void> {
    let member: Member | null = null;
    await connection.until((wake) => {
      member = {
        take(bytes, to) {
          reader.jump(to);
          connection.send(bytes);
          if (response.writableLength <= MOST_PENDING) return true;
          wake();
          return false;
        },
        drop: wake,
      };
      crowd.join(member, number);
    });
    if (member !== null) crowd.leave(member);
  }

  async function step(): Promise<void> {
    const { bytes, isMore } = await reader.next(await deps.ask(audience.workspace));
    connection.send(bytes);
    if (response.writableLength > MOST_PENDING) await taken();
    if (isMore) return;
    const { number } = reader;
    if (number === null) await connection.until(deps.onceMore);
    else if (crowd.number === null || crowd.number === number) await withOthers(number);
    else await sleep(LEVEL_MS); // the others are handed their next chunk just now
  }

  async function taken(): Promise<void> {
    const forget = setTimeout(reader.forget, PATIENCE_MS);
    await connection.until((wake) => response.once('drain', wake));
    clearTimeout(forget);
  }

  /** Wait for a log that is away; tell what else there is, and end. */
  async function recover(err: unknown): Promise<void> {
    if (isKenalError(err, 'log_unavailable')) {
      deps.logger.warn({ err }, 'the log does not answer, who follows changes waits');
      return sleep(AGAIN_MS);
    }
    if (!isKenalError(err)) throw err;
    response.write(audience.format.fault(problemOf(err)));
    connection.end();
  }

  if (signal.aborted) connection.end();
  signal.addEventListener('abort', connection.end, { once: true });
  try {
    while (!connection.isOver()) await step().catch(recover);
  } finally {
    signal.removeEventListener('abort', connection.end);
    connection.end();
    reader.forget();
    response.end();
  }
}

/** What is sent, and when; it looks by itself whether somebody is still there. */
function createConnection({ response, audience, reader, isAllowed, onSent, ...deps }: StreamDeps) {
  const { beatMs, stalledMs } = { ...TIMES, ...deps.times };
  let isOver = false;
  let wake = (): void => {};
  let sentAt = performance.now();
  let movedAt = sentAt;
  let taken = 0;
  let told = '';

  function end(): void {
    isOver = true;
    clearInterval(looking);
    wake();
  }

  function look(): void {
    const now = performance.now();
    const lying = response.writableLength;
    const written = (response.socket?.bytesWritten ?? 0) - lying;
    if (written !== taken || lying === 0) movedAt = now;
    taken = written;
    if (now - movedAt > stalledMs) response.destroy();
    if (!isAllowed() || response.destroyed) end();
    if (isOver || lying > 0 || now - sentAt < (beatMs * 2) / 3) return;
    const { cursor } = reader;
    response.write(audience.format.beat(cursor === told ? null : cursor));
    told = cursor;
    sentAt = now;
  }

  response.write(audience.format.hello(RETRY_MS.least + Math.round(Math.random() * RETRY_MS.spread)));
  const looking = setInterval(look, beatMs / 3);
  return {
    isOver: () => isOver,
    end,
    send(bytes: Buffer | null): void {
      if (bytes === null || isOver) return;
      response.write(bytes);
      sentAt = performance.now();
      onSent();
    },
    /** Wait for what is asked for, or for the end. */
    async until(ask: (wake: () => void) => void): Promise<void> {
      if (isOver) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      ask(resolve);
      await promise;
    },
  };
}
