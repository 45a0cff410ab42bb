import { createGenerator, type GeneratedEvent, type SegmentEvent } from 'kenal';
import type { Shop } from '../chaos/shop.ts';
import type { HttpRequest } from './load.ts';

/** Events of the generated shop as requests of the tracking API. */
export interface Requests {
  /** Endless; each has message ids of its own. People and contents come again when all were sent. */
  next(): HttpRequest;
  readonly count: number;
  /** Mean size of an event as JSON, bytes. */
  readonly eventBytes: number;
}

export interface RequestOptions {
  readonly shop: Shop;
  readonly events: number;
  /** Events a request: 1 goes to the path of its type, more to `/v1/batch`. */
  readonly batch: number;
  /** Other people for each seed. */
  readonly seed: number;
}

const EVENTS_PER_PERSON = 25;
const EVENT_BYTES = 650;
const ID_DIGITS = 12;
/** Stands where a message id goes. */
export const ID_MARK = '#'.repeat(ID_DIGITS);
const COPIES = 4_096;
let lastId = Math.floor(Math.random() * 1e9) * 1e3;

/** Built before the clock starts; while it runs only the ids are written, into the bytes. */
export function createRequests({ shop, events, batch, seed }: RequestOptions): Requests {
  const generator = createGenerator({
    seed,
    people: Math.ceil(events / EVENTS_PER_PERSON),
    days: 30,
    until: Date.now() - 60_000,
    events,
  });
  const templates: Template[] = [];
  let bytes = 0;
  for (const { source, texts, path } of requestsOf(generator.events(), batch)) {
    bytes += texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const body = batch === 1 ? texts[0]! : `{"batch":[${texts.join(',')}],"sentAt":"${new Date().toISOString()}"}`;
    templates.push(templateOf(httpRequest(path, shop.writeKey(source), body), texts.length));
  }
  return { count: templates.length, eventBytes: bytes / events, next: inTurn(templates) };
}

/** One request over and over, with new ids; so many copies that no connection waits for another one's. */
export function createRequestsOf(request: Buffer, events: number): Pick<Requests, 'next'> {
  return { next: inTurn(Array.from({ length: COPIES }, () => templateOf(Buffer.from(request), events))) };
}

function inTurn(templates: readonly Template[]): () => HttpRequest {
  let at = 0;
  return () => {
    const { bytes, events, ids } = templates[at++ % templates.length]!;
    for (const offset of ids) bytes.write(String(++lastId).padStart(ID_DIGITS, '0'), offset, 'latin1');
    return { bytes, events };
  };
}

interface Template extends HttpRequest {
  /** Where message ids begin. */
  readonly ids: readonly number[];
}

interface Draft {
  readonly source: string;
  readonly path: string;
  readonly texts: readonly string[];
}

function* requestsOf(events: Iterable<GeneratedEvent>, batch: number): Generator<Draft> {
  const open = new Map<string, string[]>();
  for (const { source, event } of events) {
    const text = JSON.stringify(widen(event));
    if (batch === 1) {
      yield { source, path: `/v1/${event.type}`, texts: [text] };
      continue;
    }
    const texts = open.get(source) ?? [];
    texts.push(text);
    open.set(source, texts);
    if (texts.length < batch) continue;
    open.delete(source);
    yield { source, path: '/v1/batch', texts };
  }
  for (const [source, texts] of open) yield { source, path: '/v1/batch', texts };
}

// The generator's events are of about 420 bytes; what browsers add to them makes them the size of reliability.md.
function widen(event: SegmentEvent): SegmentEvent {
  const library = { name: 'analytics.js', version: '4.2.1' };
  const wide = {
    ...event,
    messageId: ID_MARK,
    context: { ...event.context, library, referrer: 'https://a.example/?q=' },
  };
  const missing = EVENT_BYTES - Buffer.byteLength(JSON.stringify(wide));
  if (missing > 0) wide.context.referrer += 'search+word+'.repeat(Math.ceil(missing / 12)).slice(0, missing);
  return wide;
}

export function httpRequest(path: string, key: string, body: string): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'content-type: application/json',
    `authorization: Basic ${btoa(`${key}:`)}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function templateOf(bytes: Buffer, events: number): Template {
  const ids: number[] = [];
  for (let at = bytes.indexOf(ID_MARK); at >= 0; at = bytes.indexOf(ID_MARK, at + ID_DIGITS)) ids.push(at);
  return { bytes, events, ids };
}
