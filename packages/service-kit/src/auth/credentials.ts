import type { IncomingHttpHeaders } from 'node:http';
import { KenalError } from '@kenal/errors';
import type { ReadKeys, Steward } from '@kenal/service-kit';

/** What of a request may hold a key; fastify leaves the form of the query to each route. */
export interface KeyPlaces {
  readonly headers: IncomingHttpHeaders;
  readonly query: unknown;
}

/**
 * The read key of a request, wherever clients put it: Basic (any user and the key as password, or the key as user),
 * Bearer, `X-Read-Key`, `X-Steward-Key`, `X-ClickHouse-Key`, `?key=`, `?password=`.
 * @returns null where there is none
 */
export function readKeyOf({ headers, query: given }: KeyPlaces): string | null {
  const query = given as Readonly<Record<string, unknown>>;
  return (
    fromAuthorization(headers.authorization) ??
    text(headers['x-read-key']) ??
    text(headers['x-steward-key']) ??
    text(headers['x-clickhouse-key']) ??
    text(query.key) ??
    text(query.password)
  );
}

/**
 * The workspace that the request may read.
 * @throws KenalError `unknown_key`
 */
export function authenticate(keys: ReadKeys, request: KeyPlaces): string {
  const key = readKeyOf(request);
  if (key === null)
    throw new KenalError(
      'unknown_key',
      'send a read key: Authorization: Bearer <key>, Basic <any user>:<key>, or X-Read-Key',
    );
  const workspace = keys.workspaceOf(key);
  if (workspace === null)
    throw new KenalError('unknown_key', `no read key begins with ${JSON.stringify(key.slice(0, 4))}…`);
  return workspace;
}

/**
 * Who decides with the request.
 * @throws KenalError `unknown_key`; `forbidden` where the key may read only
 */
export function authenticateSteward(keys: ReadKeys, request: KeyPlaces): Steward {
  const workspace = authenticate(keys, request);
  const steward = keys.stewardOf(readKeyOf(request) ?? '');
  if (steward !== null) return steward;
  throw new KenalError(
    'forbidden',
    `this takes a steward key of workspace ${workspace}: workspaces.stewardKeys of kenal.yaml, ` +
      'or stewardKey of endpoints.json on the machine that runs Kenal',
  );
}

function fromAuthorization(header: string | undefined): string | null {
  if (header === undefined) return null;
  const blank = header.indexOf(' ');
  const scheme = header.slice(0, blank).toLowerCase();
  const value = header.slice(blank + 1).trim();
  if (scheme === 'bearer') return value === '' ? null : value;
  if (scheme !== 'basic') return null;
  // `any:key`, `key:` and `key` (some clients leave the colon out); a key has no colon
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon < 0) return pair === '' ? null : pair;
  return text(pair.slice(colon + 1)) ?? text(pair.slice(0, colon));
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
