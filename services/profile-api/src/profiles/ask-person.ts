import { KenalError } from '@kenal/errors';
import { authenticate, type Reader, type ReadKeys } from '@kenal/service-kit';
import type { FastifyRequest } from 'fastify';
import type { Audit } from '../audit/audit.ts';
import { createLens, type Lens, seenThrough } from './lens.ts';
import { type ReadOwnToken, SELF } from './own-token.ts';
import type { Person, ProfileReader } from './reader.ts';
import type { AwaitWritten, ReadFrom } from './written.ts';

/** Somebody who was asked for, by somebody who may. */
export interface Asked {
  readonly workspace: string;
  readonly reader: Reader;
  readonly lens: Lens;
  /** Whole: what questions to stores go by. */
  readonly person: Person;
  /** What may be shown. */
  readonly seen: Person;
}

export interface AskOptions {
  /** Part of `KEY_FIELDS` that all of the answer belongs to. */
  readonly part?: 'timeline' | 'orders';
  /** Fields that the caller wants; null: all that the key shows. */
  readonly fields?: readonly string[] | null;
  readonly from?: ReadFrom;
}

/** @throws KenalError `unknown_key`, `forbidden`, `not_found`, `bad_query`, `unavailable` */
export type AskPerson = (request: FastifyRequest, ref: string, options?: AskOptions) => Promise<Asked>;

export interface AskPersonDeps {
  readonly readKeys: ReadKeys;
  readonly reader: ProfileReader;
  readonly readOwnToken: ReadOwnToken;
  readonly awaitWritten: AwaitWritten;
  readonly audit: Audit;
}

/** The one door to a person: who asks, for what of whom, and whether what was written before has to be there. */
export function createAskPerson({ readKeys, reader, readOwnToken, awaitWritten, audit }: AskPersonDeps): AskPerson {
  return async function askPerson(request, ref, { part, fields = null, from = 'state' } = {}) {
    const own = await readOwnToken(request);
    const by = own?.reader ?? authenticate(readKeys, request, 'profiles');
    if (own === null && ref === SELF)
      throw new KenalError(
        'bad_query',
        '`me` is who a token of POST /v1/profiles/{profile}/token is for; name somebody',
      );
    if (own !== null && ref !== SELF)
      throw new KenalError('forbidden', `this token shows its own person only: ask for ${SELF}`);
    mustSee(by, part);
    audit.admit();
    await awaitWritten(by.workspace, request, from);
    const person = await reader.person(by.workspace, own?.profileId ?? ref);
    const lens = createLens(by.fields, fields);
    audit.note(by, actionOf(request), [person.profile.id], fields ?? by.fields);
    return { workspace: by.workspace, reader: by, lens, person, seen: seenThrough(person, lens) };
  };
}

function mustSee({ name, fields }: Reader, part: string | undefined): void {
  if (part === undefined || createLens(fields).shows(part)) return;
  throw new KenalError('forbidden', `${name} shows ${fields?.join(', ')} only, and not ${part}`);
}

/** The operation as the description of the API names it. */
export function actionOf({ routeOptions }: FastifyRequest): string {
  return (routeOptions.schema as { readonly operationId?: string } | undefined)?.operationId ?? routeOptions.url ?? '';
}
