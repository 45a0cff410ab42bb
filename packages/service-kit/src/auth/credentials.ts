import type { IncomingHttpHeaders } from 'node:http';
import type { KeyVerb } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Reader, ReadKeys } from './read-keys.ts';

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

/** JSON Web Tokens, which one person's own data is opened by: `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln` */
const TOKEN = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;

/** Where a person finds a key of a verb. */
const WHERE_ELSE: Partial<Record<KeyVerb, string>> = {
  decide: 'workspaces.stewardKeys of kenal.yaml, or stewardKey of endpoints.json on the machine that runs Kenal',
  manage: 'workspaces.stewardKeys of kenal.yaml, or stewardKey of endpoints.json on the machine that runs Kenal',
};

/**
 * Who asks, where the key allows it.
 * @param verb what the request is about; null: any key will do
 * @throws KenalError `unknown_key`; `forbidden` where the key may not do that
 */
export function authenticate(keys: ReadKeys, request: KeyPlaces, verb: KeyVerb | null): Reader {
  const key = readKeyOf(request);
  if (key === null)
    throw new KenalError(
      'unknown_key',
      'send a read key: Authorization: Bearer <key>, Basic <any user>:<key>, or X-Read-Key',
    );
  const reader = keys.readerOf(key);
  if (reader === null && TOKEN.test(key))
    throw new KenalError(
      'unknown_key',
      'this takes a key; a token of one person opens GET /v1/profiles/me and its parts only',
    );
  if (reader === null)
    throw new KenalError('unknown_key', `no read key begins with ${JSON.stringify(key.slice(0, 4))}…`);
  if (verb === null || reader.verbs.includes(verb)) return reader;
  const where = WHERE_ELSE[verb] ?? 'workspaces.readKeys or workspaces.keys of kenal.yaml, or `kenal keys add`';
  throw new KenalError(
    'forbidden',
    `this takes a key of workspace ${reader.workspace} with the verb ${verb}, and ${reader.name} has ` +
      `${reader.verbs.join(', ')}: ${where}`,
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
