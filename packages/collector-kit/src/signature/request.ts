import type { Place } from './scheme.ts';

/** A request as it came in. */
export interface SignedRequest {
  readonly method: string;
  /** The whole public address that the sender was given, with its query; only Twilio signs it. */
  readonly url: string;
  /** Names in lower case, as node:http has them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The very bytes: not parsed, not written anew. */
  readonly body: Uint8Array;
}

/** @returns null where the header is missing or empty; several of one name are joined, as HTTP has it */
export function headerOf(request: SignedRequest, name: string): string | null {
  const value = request.headers[name];
  if (typeof value === 'string') return value === '' ? null : value;
  return Array.isArray(value) && value.length > 0 ? value.join(', ') : null;
}

/** Fields of the body by name, read when first asked for. */
export type BodyFields = (name: string) => string | null;

/** All values at a place, in order; empty where there is none. Only a list in a header has more than one. */
export function valuesAt(place: Place, request: SignedRequest, fieldOf: BodyFields): readonly string[] {
  if (place.in === 'item') return itemsOf(headerOf(request, place.name), place.key);
  const value = place.in === 'body' ? fieldOf(place.field) : firstHeader(request, place.names);
  return value === null ? [] : [value];
}

function firstHeader(request: SignedRequest, names: readonly string[]): string | null {
  for (const name of names) {
    const value = headerOf(request, name);
    if (value !== null) return value;
  }
  return null;
}

/** `t=1492774577,v1=5257a8,v1=6ffbb5` and `v1` → `5257a8`, `6ffbb5`. */
function itemsOf(list: string | null, key: string): string[] {
  if (list === null) return [];
  const start = `${key}=`;
  const items: string[] = [];
  for (const part of list.split(',')) {
    const item = part.trim();
    if (item.startsWith(start)) items.push(item.slice(start.length));
  }
  return items;
}

/** For people: where they would have to look. */
export function describePlace(place: Place): string {
  if (place.in === 'item') return `${place.key}= in header ${place.name}`;
  return place.in === 'body' ? `field ${place.field} of the body` : `header ${place.names[0]}`;
}
