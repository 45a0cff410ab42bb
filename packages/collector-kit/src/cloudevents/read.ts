import type { IncomingHttpHeaders } from 'node:http';
import { type Outcome, refused } from '../fault.ts';
import { parseBody } from '../json/body.ts';
import type { JsonRecord } from '../json/inspect.ts';
import type { Limits } from '../limits.ts';
import { readJson } from '../webhook/payload.ts';

/** One event of CloudEvents 1.0 as it came: its attributes by their names, extensions among them, and `data`. */
export type CloudEvent = JsonRecord;

/** What one call brought. What is no event at all, or too large for one, is kept as it is, and refused alone. */
export interface CloudCall {
  /** Whether there may be several. */
  readonly listed: boolean;
  readonly events: readonly Outcome<unknown>[];
  /** Bytes of one event as it came; of one in binary mode without its headers. */
  bytesOf(index: number): Uint8Array;
}

const STRUCTURED = /^application\/cloudevents\+json\b/i;
const BATCH = /^application\/cloudevents-batch\+json\b/i;
const JSON_TYPE = /^[\w.-]+\/(?:[\w.-]+\+)?json\b/i;
const TEXT_TYPE = /^(?:text\/|application\/(?:[\w.-]+\+)?xml\b)/i;
/** Of `text/plain; charset="iso-8859-1"` */
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;
const UTF8 = /^(?:utf-?8|us-ascii)$/i;
const PREFIX = 'ce-';

/** Whether these are headers of a call that brings CloudEvents. */
export function isCloudCall(headers: IncomingHttpHeaders): boolean {
  const type = headers['content-type'] ?? '';
  return BATCH.test(type) || STRUCTURED.test(type) || isBinary(headers);
}

function isBinary(headers: IncomingHttpHeaders): boolean {
  return headers['ce-id'] !== undefined || headers['ce-specversion'] !== undefined;
}

/** Data that is kept as its bytes, whatever they mean. */
function isBytes(headers: IncomingHttpHeaders, type: string): boolean {
  const isEnvelope = BATCH.test(type) || STRUCTURED.test(type);
  return !isEnvelope && isBinary(headers) && !JSON_TYPE.test(type) && !TEXT_TYPE.test(type);
}

/** The headers of a call in binary mode that its event stands in. */
export function attributesIn(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (header): header is [string, string] => header[0].startsWith(PREFIX) && typeof header[1] === 'string',
    ),
  );
}

/**
 * The three modes of the HTTP binding (github.com/cloudevents/spec, http-protocol-binding.md), told by the content type.
 * @returns faults `bad_json`, `bad_body`, `bad_encoding` where it says that it is not UTF-8, `event_too_large` in binary mode
 */
export async function readCall(
  headers: IncomingHttpHeaders,
  body: Buffer,
  limits: Limits,
): Promise<Outcome<CloudCall>> {
  const type = headers['content-type'] ?? '';
  const charset = CHARSET.exec(type)?.[1];
  if (charset !== undefined && !UTF8.test(charset) && !isBytes(headers, type))
    return refused('bad_encoding', '$', `charset ${charset.slice(0, 32)}; send UTF-8`);
  const listed = BATCH.test(type);
  if (!listed && !STRUCTURED.test(type)) {
    if (!isBinary(headers))
      return refused(
        'bad_body',
        '$',
        'a CloudEvent has ce- headers, or its content type is application/cloudevents+json',
      );
    const event = await binaryEvent(headers, type, body, limits);
    return event.ok ? { ok: true, value: { listed: false, events: [event], bytesOf: () => body } } : event;
  }
  const parsed = await parseBody(body, listed, limits);
  if (!parsed.ok) return parsed;
  if (listed && !parsed.value.hasList) return refused('bad_body', '$', 'expected a list of events');
  const { events, sliceOf } = parsed.value;
  const bytesOf = (index: number): Uint8Array => body.subarray(sliceOf(index).start, sliceOf(index).end);
  // `undefined` is one that was not parsed
  const read = events.map((value) => (value === undefined ? tooLarge(limits) : ({ ok: true, value } as const)));
  return { ok: true, value: { listed, events: read, bytesOf } };
}

function tooLarge({ eventBytes }: Limits): Outcome<never> {
  return refused('event_too_large', '$', `more than ${eventBytes} bytes`);
}

async function binaryEvent(
  headers: IncomingHttpHeaders,
  type: string,
  body: Buffer,
  limits: Limits,
): Promise<Outcome<CloudEvent>> {
  if (body.length > limits.eventBytes) return tooLarge(limits);
  const event: CloudEvent = {};
  for (const [name, value] of Object.entries(attributesIn(headers))) event[name.slice(PREFIX.length)] = decoded(value);
  if (type !== '') event.datacontenttype = type;
  if (body.length === 0) return { ok: true, value: event };
  if (type !== '' && !JSON_TYPE.test(type)) {
    if (TEXT_TYPE.test(type)) event.data = body.toString('utf8');
    else event.data_base64 = body.toString('base64');
    return { ok: true, value: event };
  }
  const parsed = await parseBody(body, false, limits);
  if (!parsed.ok) return parsed;
  event.data = parsed.value.events[0];
  return { ok: true, value: event };
}

/** `Euro%20%E2%82%AC`, also in quotes as older senders write it; what is no escape stays as it is. */
function decoded(value: string): string {
  const plain = /^".*"$/.test(value) ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

/** `data`, where it was packed: JSON is opened, all else stays base64. */
export function dataOf(event: CloudEvent): Outcome<unknown> {
  const { data, data_base64: packed } = event;
  if (packed === undefined || packed === null) return { ok: true, value: data };
  if (typeof packed !== 'string') return refused('event_bad_field', '$.data_base64', 'expected text');
  const type = typeof event.datacontenttype === 'string' ? event.datacontenttype : '';
  const bytes = Buffer.from(packed, 'base64');
  if (TEXT_TYPE.test(type)) return { ok: true, value: bytes.toString('utf8') };
  if (!JSON_TYPE.test(type)) return { ok: true, value: { data_base64: packed } };
  const parsed = readJson(bytes);
  return parsed.ok ? parsed : refused('event_bad_field', '$.data_base64', 'no JSON, though its content type says so');
}
