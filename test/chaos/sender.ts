import { setTimeout as delay } from 'node:timers/promises';
import type { GeneratedEvent } from 'kenal';
import type { Shop } from './shop.ts';

/** What the clients know at the end: what they sent, what was acknowledged, what was refused with a reason. */
export interface SentBook {
  /** `source message-id` of everything that was ever put on the wire. */
  readonly sent: Set<string>;
  readonly acknowledged: Set<string>;
  readonly refused: Map<string, string>;
  /** Requests that had to be sent again. */
  retries: number;
  /** Longest time that one batch waited for its 200, milliseconds. */
  longestWait: number;
}

export interface SendOptions {
  readonly shop: Shop;
  readonly url: string;
  readonly events: Iterable<GeneratedEvent>;
  readonly batchSize: number;
  readonly clients: number;
  /** Told after each acknowledged batch how many events are acknowledged by now. */
  readonly onProgress: (acknowledged: number) => void;
}

interface Batch {
  readonly source: string;
  readonly events: readonly GeneratedEvent[];
}

/**
 * Send events as patient clients do: batches of one source, several at once, every batch again until a 200 comes back.
 * A request whose answer was lost is sent again whole, so duplicates occur by themselves.
 */
export async function sendAll(options: SendOptions): Promise<SentBook> {
  const book: SentBook = { sent: new Set(), acknowledged: new Set(), refused: new Map(), retries: 0, longestWait: 0 };
  const batches = batchesOf(options.events, options.batchSize);
  const client = async (): Promise<void> => {
    for (let next = batches.next(); !next.done; next = batches.next()) {
      await sendUntilAcknowledged(options, book, next.value);
      options.onProgress(book.acknowledged.size);
    }
  };
  await Promise.all(Array.from({ length: options.clients }, client));
  return book;
}

export const nameOf = (source: string, messageId: string): string => `${source} ${messageId}`;

function* batchesOf(events: Iterable<GeneratedEvent>, size: number): Generator<Batch, undefined> {
  const open = new Map<string, GeneratedEvent[]>();
  for (const event of events) {
    const batch = open.get(event.source) ?? [];
    batch.push(event);
    open.set(event.source, batch);
    if (batch.length < size) continue;
    open.delete(event.source);
    yield { source: event.source, events: batch };
  }
  for (const [source, batch] of open) yield { source, events: batch };
  return undefined;
}

async function sendUntilAcknowledged(options: SendOptions, book: SentBook, batch: Batch): Promise<void> {
  const names = batch.events.map(({ event }) => nameOf(batch.source, event.messageId));
  for (const name of names) book.sent.add(name);
  const began = performance.now();
  for (;;) {
    const rejected = await post(options, batch);
    if (rejected !== null) {
      for (const [index, name] of names.entries()) {
        const code = rejected.get(index);
        if (code === undefined) book.acknowledged.add(name);
        else book.refused.set(name, code);
      }
      book.longestWait = Math.max(book.longestWait, performance.now() - began);
      return;
    }
    book.retries++;
    await delay(50); // what a client does between tries; the server is down or starting
  }
}

/** @returns index → code of refused events, or null where the batch must be sent again */
async function post({ shop, url }: SendOptions, batch: Batch): Promise<Map<number, string> | null> {
  try {
    const answer = await fetch(`${url}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${shop.writeKey(batch.source)}:`)}` },
      body: JSON.stringify({
        batch: batch.events.map(({ event }) => event),
        sentAt: new Date().toISOString(),
      }),
      signal: AbortSignal.timeout(30_000),
    });
    if (answer.status === 429 || answer.status >= 500) {
      await answer.arrayBuffer();
      return null;
    }
    if (answer.status !== 200) throw new UnexpectedAnswer(`${answer.status} ${await answer.text()}`);
    const body = (await answer.json()) as { rejected: { index: number; code: string }[] };
    return new Map(body.rejected.map(({ index, code }) => [index, code]));
  } catch (error) {
    if (error instanceof UnexpectedAnswer) throw error;
    return null; // refused, reset or cut: nobody knows whether it arrived
  }
}

class UnexpectedAnswer extends Error {}
