import { type Outcome, refused } from '../fault.ts';
import { isRecord, type JsonRecord } from '../json/inspect.ts';
import { parseJsonStrictly } from '../json/parse.ts';
import type { Headers } from './vendor.ts';

/** A refused part of a delivery (`FAILED_BODY.item`). */
export interface KeptItem {
  readonly headers: Headers;
  readonly item: unknown;
  /** Id of the one event that it became, which it stays whatever is repaired in the part; default what the mapping gives it. */
  readonly messageId?: string;
}

export function writeItem({ headers, item, messageId }: KeptItem): Buffer {
  return Buffer.from(JSON.stringify({ headers, messageId, item }));
}

/** @returns fault `bad_json` or `bad_body` */
export function readItem(body: Buffer): Outcome<KeptItem> {
  const parsed = parseJsonStrictly(body);
  if (!parsed.ok) return parsed;
  const kept = parsed.value.value;
  if (!isRecord(kept) || !('item' in kept)) return refused('bad_body', '$.item', 'missing');
  const named = typeof kept.messageId === 'string' ? { messageId: kept.messageId } : {};
  return { ok: true, value: { headers: headersIn(kept), item: kept.item, ...named } };
}

/** Those that were kept with a part, or in the frame of a whole delivery. */
export function headersIn(kept: JsonRecord): Headers {
  if (!isRecord(kept.headers)) return {};
  return Object.fromEntries(
    Object.entries(kept.headers).filter((header): header is [string, string] => typeof header[1] === 'string'),
  );
}
