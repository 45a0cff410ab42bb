import { setTimeout as sleep } from 'node:timers/promises';
import { isKenalError } from '@kenal/errors';
import { type Cli, note } from '../cli/cli.ts';
import { AnswerError, call } from './call.ts';
import type { Instance } from './instance.ts';
import { readLines } from './read-input.ts';

/** A stream of lines, and what becomes of them. */
export interface Followed {
  /** The instance that is there now: after a restart it may have another address. */
  readonly find: () => Promise<Instance>;
  /** Path and query; asked for anew whenever the connection broke. */
  readonly path: () => string;
  /** Whatever it throws ends all. */
  readonly onLine: (line: string) => void;
}

/** Kenal sends a sign of life every 15 s. */
const SILENCE_MS = 45_000;
const AGAIN_MS = { least: 250, most: 5_000 };

/** A connection that fell silent: another one helps. */
class Silent extends Error {}

/** Hand over lines until somebody presses Ctrl-C; where Kenal goes away, from where it was once it is back. */
export async function followLines(cli: Cli, { find, path, onLine }: Followed): Promise<void> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  let isThere: boolean | null = null; // null: was never there
  let fruitless = 0;
  const heard = (line: string): void => {
    if (isThere === false) note(cli, 'Kenal is back.');
    isThere = true;
    fruitless = 0;
    // An empty line only says that the stream is alive
    if (line !== '') onLine(line);
  };
  try {
    while (!stop.signal.aborted) {
      try {
        await oneConnection(await find(), path(), heard, stop.signal);
      } catch (error) {
        if (!stop.signal.aborted && (isThere === null || !isPassing(error))) throw error;
      }
      if (stop.signal.aborted) return;
      if (isThere !== false) note(cli, 'Kenal went away; this goes on when it is back (Ctrl-C ends it) …');
      isThere = false;
      const wait = Math.min(AGAIN_MS.least * 2 ** fruitless, AGAIN_MS.most);
      await sleep(wait, undefined, { signal: stop.signal }).catch(() => undefined);
      fruitless += 1;
    }
  } finally {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
}

/** Until the connection ends or breaks. */
async function oneConnection(
  instance: Instance,
  path: string,
  heard: (line: string) => void,
  stopping: AbortSignal,
): Promise<void> {
  const silent = new AbortController();
  const signal = AbortSignal.any([stopping, silent.signal]);
  const fallSilent = (): void => silent.abort(new Silent());
  let silence = setTimeout(fallSilent, SILENCE_MS);
  try {
    const headers = { accept: 'application/x-ndjson' };
    const reply = await call(instance.apiUrl + path, { key: instance.readKey(), signal, headers });
    if (reply.body === null) return;
    for await (const line of readLines(reply.body as unknown as AsyncIterable<Buffer>)) {
      clearTimeout(silence);
      heard(line);
      silence = setTimeout(fallSilent, SILENCE_MS);
    }
  } finally {
    clearTimeout(silence);
  }
}

/** The connection, not what was asked for, is at fault. A `TypeError` is fetch's: it broke in the middle of a line. */
function isPassing(error: unknown): boolean {
  if (error instanceof AnswerError) return error.status === 429 || error.status >= 500;
  return error instanceof Silent || error instanceof TypeError || isKenalError(error, 'not_running');
}
