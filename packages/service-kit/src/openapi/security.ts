import type { KeyVerb } from '@kenal/contracts';

/** Ways to send a key, as the description names them. */
export const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'the key',
  },
  ownToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'a token of `POST /v1/profiles/{profile}/token`: opens the profile `me`, its person, and its parts',
  },
  basic: { type: 'http', scheme: 'basic', description: 'any user name, the key as password' },
  readKey: { type: 'apiKey', in: 'header', name: 'X-Read-Key', description: 'X-Steward-Key says the same' },
  keyQuery: { type: 'apiKey', in: 'query', name: 'key', description: 'for clients that cannot set headers' },
  writeBasic: { type: 'http', scheme: 'basic', description: 'the write key as user name, no password' },
  writeKey: { type: 'apiKey', in: 'header', name: 'X-Write-Key' },
  writeKeyQuery: { type: 'apiKey', in: 'query', name: 'writeKey' },
} as const;

/**
 * Ways to send a key that has all these verbs; without one: any key. They stand where OpenAPI 3.1 has "role names which are
 * required for the execution".
 */
export function opensBy(...roles: readonly KeyVerb[]): Readonly<Record<string, readonly string[]>>[] {
  return [{ bearer: roles }, { basic: roles }, { readKey: roles }, { keyQuery: roles }];
}

/** What is open to everybody, or to who signs in a way of their own that OpenAPI has no scheme for. */
export const OPEN: readonly never[] = [];

/** Reads of one person: a key with the verb, or the token of that person. */
export const PERSON_SECURITY = [...opensBy('profiles'), { ownToken: [] }];

/** Ways to send a write key beside `writeKey` in the body, one of which is needed. */
export const WRITE_SECURITY = [{ writeBasic: [] }, { writeKey: [] }, { writeKeyQuery: [] }];

/** What a reader of the description is told, since pages seldom show roles. '' where there is nothing to say */
export function sayWhatOpens(security: unknown): string {
  if (!Array.isArray(security)) return '';
  const roles = new Set(
    security.flatMap((one: Readonly<Record<string, readonly string[]>>) => Object.values(one).flat()),
  );
  return roles.size === 0 ? '' : `Opened by a key with the verb \`${[...roles].join('` and the verb `')}\`.`;
}
