import type { IncomingHttpHeaders } from 'node:http';
import { KenalError } from '@kenal/errors';
import { isRecord } from '../json/inspect.ts';
import type { KeyAccess, Keyring } from '../keyring.ts';

/** A key as a client sent it, and where it stood. */
export interface SentKey {
  readonly key: string;
  readonly place: 'Basic' | 'X-Write-Key' | 'body' | 'query' | 'path';
}

/** Where a key may stand. */
export interface KeyPlaces {
  readonly headers: IncomingHttpHeaders;
  readonly query: unknown;
  /** The parsed body; leave it out where it is not read yet. */
  readonly body?: unknown;
}

/**
 * The first of: Basic (user = key, the colon may be missing) · Bearer + `writeKey` of the body · `X-Write-Key` · body ·
 * query. A header goes before the body because some clients mask the key there.
 * @returns null where none was sent, or, as long as the body is not read, where it may stand in the body
 */
export function findKey({ headers, query, body }: KeyPlaces): SentKey | null {
  const basic = basicUser(headers.authorization);
  if (basic !== null) return { key: basic, place: 'Basic' };
  const inBody = textIn(body, 'writeKey');
  // A Bearer token is the client's affair with its own token server; the key it goes with stands in the body
  const bearer = headers.authorization?.slice(0, 7).toLowerCase() === 'bearer ';
  if (bearer && body === undefined) return null;
  if (bearer && inBody !== null) return { key: inBody, place: 'body' };
  const header = headers['x-write-key'];
  if (typeof header === 'string' && header !== '') return { key: header, place: 'X-Write-Key' };
  if (body === undefined) return null;
  if (inBody !== null) return { key: inBody, place: 'body' };
  const inQuery = textIn(query, 'writeKey');
  return inQuery === null ? null : { key: inQuery, place: 'query' };
}

/** @throws KenalError `unknown_key` naming the place and the first letters seen, `forbidden` where the source is off */
export function openKey(keyring: Keyring, sent: SentKey | null): KeyAccess {
  if (sent === null) {
    throw new KenalError(
      'unknown_key',
      'none was sent; use Basic auth, X-Write-Key, or writeKey in the body or the query',
    );
  }
  // `key:secret` is one key to some clients, and Basic would cut it in two
  const access = keyring.find(sent.key) ?? (sent.place === 'Basic' ? findUser(keyring, sent.key) : null);
  if (access === null) throw new KenalError('unknown_key', `${prefixOf(sent.key)} (${sent.place})`);
  if (!access.source.enabled) throw new KenalError('forbidden', `source ${access.source.id} is switched off`);
  return access;
}

function findUser(keyring: Keyring, pair: string): KeyAccess | null {
  const colon = pair.indexOf(':');
  return colon > 0 ? keyring.find(pair.slice(0, colon)) : null;
}

/** The credentials of Basic auth, without the colon that ends a user with no password: `dXNlcjo=` → `user` */
function basicUser(authorization: string | undefined): string | null {
  if (authorization === undefined || authorization.slice(0, 6).toLowerCase() !== 'basic ') return null;
  const pair = Buffer.from(authorization.slice(6), 'base64').toString('utf8');
  const user = pair.endsWith(':') ? pair.slice(0, -1) : pair;
  return user === '' ? null : user;
}

function textIn(record: unknown, name: string): string | null {
  const value = isRecord(record) ? record[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Enough to find a wrong key in one's own configuration, not enough to use it: `abcdef…` */
function prefixOf(key: string): string {
  return `${key.slice(0, Math.min(6, Math.floor(key.length / 3))).replace(/[^\x21-\x7e]/g, '?')}…`;
}
