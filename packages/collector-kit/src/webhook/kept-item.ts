import { type Outcome, refused } from '../fault.ts';
import { isRecord } from '../json/inspect.ts';
import { parseJsonStrictly } from '../json/parse.ts';
import type { Headers } from './vendor.ts';

/** Content type of a refused part of a delivery: `{"headers": {…}, "item": …}`, all that its mapping reads. */
export const ITEM_TYPE = 'application/vnd.kenal.item+json';
/** Content type of an event that a mapping made, in Segment's form, and that `accept` refused. */
export const EVENT_TYPE = 'application/vnd.kenal.event+json';

export interface KeptItem {
  readonly headers: Headers;
  readonly item: unknown;
}

export function writeItem({ headers, item }: KeptItem): Buffer {
  return Buffer.from(JSON.stringify({ headers, item }));
}

/** @returns fault `bad_json` or `bad_body` */
export function readItem(body: Buffer): Outcome<KeptItem> {
  const parsed = parseJsonStrictly(body);
  if (!parsed.ok) return parsed;
  const kept = parsed.value.value;
  if (!isRecord(kept) || !('item' in kept)) return refused('bad_body', '$.item', 'missing');
  const headers: Record<string, string> = {};
  if (isRecord(kept.headers)) {
    for (const [name, value] of Object.entries(kept.headers)) if (typeof value === 'string') headers[name] = value;
  }
  return { ok: true, value: { headers, item: kept.item } };
}
