import { hash } from 'node:crypto';
import { parse, stringify } from 'node:querystring';
import type { SignedRequest } from './request.ts';

const MOST_FIELDS = 1_000;
const AMPERSAND = 0x26;

// `https://user@host.example:8443/path?query` → `https://user@host.example`, `:8443`, `/path?query`; host may be [::1]
const ADDRESS = /^([a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?(?:\[[^\]/?#]*\]|[^:/?#]*))(:[^/?#]*)?(.*)$/is;

/**
 * The spellings of an address that Twilio may have signed, likeliest first: without a port and with one (it signs some
 * products' with, some without), as it stands, as WHATWG writes it, and with the query written anew.
 */
export function* twilioUrls(url: string): Generator<string, undefined> {
  yield* portsOf(url);
  const normal = URL.parse(url)?.href;
  if (normal === undefined) return;
  yield* portsOf(normal);
  const query = normal.indexOf('?');
  if (query === -1 || query === normal.length - 1) return;
  for (const one of portsOf(normal)) {
    const at = one.indexOf('?') + 1;
    yield one.slice(0, at) + stringify(parse(one.slice(at)));
  }
}

function portsOf(url: string): readonly string[] {
  const match = ADDRESS.exec(url);
  if (match === null) return [url];
  const [, host = '', port, rest = ''] = match;
  return [host + rest, host + (port ?? (/^https:/i.test(url) ? ':443' : ':80')) + rest];
}

/**
 * What Twilio appends to the address: of a form every key and value, sorted, nothing between; of any other body nothing,
 * because its hash stands in the query as `bodySHA256`.
 *
 * Without that hash every body is read as a form, whatever its content type says: else a signature over an address
 * alone would carry any JSON.
 * @returns null where the body has not the hash that the address names, or more fields than a form of Twilio's
 */
export function twilioForm({ url, body }: SignedRequest): string | null {
  const stated = URL.parse(url)?.searchParams.get('bodySHA256') ?? null;
  if (stated !== null) return hash('sha256', body, 'hex') === stated ? '' : null;
  if (body.length === 0) return '';
  if (hasMoreFieldsThan(MOST_FIELDS, body)) return null;
  return signedForm(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8'));
}

/** `To=%2B1&From=a&To=b` → `FromaTo+1Tob`; a value that comes twice under one key counts once, as in Twilio's own library. */
function signedForm(form: string): string {
  const values = new Map<string, Set<string>>();
  for (const [key, value] of new URLSearchParams(form)) {
    const known = values.get(key);
    if (known === undefined) values.set(key, new Set([value]));
    else known.add(value);
  }
  let signed = '';
  for (const key of [...values.keys()].sort()) for (const value of [...values.get(key)!].sort()) signed += key + value;
  return signed;
}

function hasMoreFieldsThan(most: number, body: Uint8Array): boolean {
  let fields = 1;
  for (let at = body.indexOf(AMPERSAND); at !== -1; at = body.indexOf(AMPERSAND, at + 1))
    if (++fields > most) return true;
  return false;
}

/**
 * The hash that `key=…,algorithm=HMAC_SHA256` names; SHA-1 where it names none.
 * @returns null where it names one that Twilio does not document
 */
export function twilioHash(settings: string | null): 'sha1' | 'sha256' | null {
  for (const part of settings?.split(',') ?? []) {
    const [key = '', name = ''] = part.split('=', 2).map((side) => side.trim());
    if (key !== 'algorithm' || name === '') continue;
    if (name.toUpperCase() === 'HMAC_SHA256') return 'sha256';
    return name.toUpperCase() === 'HMAC_SHA1' ? 'sha1' : null;
  }
  return 'sha1';
}
