import type { KEY_FIELDS } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { authenticate, type Reader, type ReadKeys } from '@kenal/service-kit';
import type { FastifyRequest } from 'fastify';
import type { Audit } from '../audit/audit.ts';
import { fieldsOf } from './fields.ts';
import { createLens, type Lens, seenThrough } from './lens.ts';
import { type OwnToken, type ReadOwnToken, SELF } from './own-token.ts';
import type { Person, ProfileReader, RulesInForce } from './reader.ts';
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
  /** All of the answer belongs to one of these. */
  readonly parts?: readonly (typeof KEY_FIELDS)[number][];
  /** Fields that the caller wants, where the query does not say them; null: all that the key shows. */
  readonly fields?: readonly string[] | null;
  /** What has to have what was written before; null: the caller has waited. */
  readonly from?: ReadFrom | null;
}

/** @throws KenalError `unknown_key`, `forbidden`, `not_found`, `bad_query`, `unavailable` */
export type AskPerson = (request: FastifyRequest, ref: string, options?: AskOptions) => Promise<Asked>;

export interface AskPersonDeps {
  readonly readKeys: ReadKeys;
  readonly reader: ProfileReader;
  readonly readOwnToken: ReadOwnToken;
  readonly workspaces: RulesInForce['workspaces'];
  readonly awaitWritten: AwaitWritten;
  readonly audit: Audit;
}

/** The one door to a person: who asks, for what of whom, and whether what was written before has to be there. */
export function createAskPerson(deps: AskPersonDeps): AskPerson {
  const { readKeys, reader, readOwnToken, workspaces, awaitWritten, audit } = deps;
  return async function askPerson(request, ref, { parts = [], fields: wanted = null, from = 'state' } = {}) {
    const fields = wanted ?? fieldsOf((request.query as { readonly fields?: string }).fields);
    const own = await readOwnToken(request);
    const by = own?.reader ?? authenticate(readKeys, request, 'profiles');
    if (own === null && ref === SELF)
      throw new KenalError(
        'bad_query',
        '`me` is who a token of POST /v1/profiles/{profile}/token is for; name somebody',
      );
    if (own !== null && ref !== SELF)
      throw new KenalError('forbidden', `this token shows its own person only: ask for ${SELF}`);
    mustSee(by, fields, parts);
    audit.admit();
    if (from !== null) await awaitWritten(by.workspace, request, from);
    const person = await reader.person(by.workspace, own?.profileId ?? ref);
    if (own !== null) mustStand(own, person, workspaces);
    const lens = createLens(by.fields, fields);
    audit.note(by, actionOf(request), [person.profile.id], fields ?? by.fields);
    return { workspace: by.workspace, reader: by, lens, person, seen: seenThrough(person, lens) };
  };
}

/** @throws KenalError `forbidden` where the key shows nothing of the parts; `bad_query` where nothing of them is asked for */
function mustSee({ name, fields: own }: Reader, asked: readonly string[] | null, parts: readonly string[]): void {
  if (parts.length === 0) return;
  const hidesAll = (fields: readonly string[] | null): boolean =>
    !parts.some((part) => createLens(fields).touches(part));
  if (hidesAll(own)) throw new KenalError('forbidden', `${name} shows ${own?.join(', ')} only, and not ${parts[0]}`);
  if (hidesAll(asked))
    throw new KenalError('bad_query', `fields: ${asked?.join(', ')} asks for nothing of ${parts.join(' and ')}`);
}

/** Whoever comes again after an erasure is somebody new. @throws KenalError `unknown_key` */
function mustStand({ issuedAt, reader }: OwnToken, { profile }: Person, workspaces: AskPersonDeps['workspaces']): void {
  const keys = profile.identifiers.map(({ key }) => key);
  if (workspaces.of(reader.workspace).isOverruled(keys, issuedAt))
    throw new KenalError('unknown_key', 'the token is of before its person was erased; ask for a new one');
}

/** The operation as the description of the API names it. */
export function actionOf({ routeOptions }: FastifyRequest): string {
  return (routeOptions.schema as { readonly operationId?: string } | undefined)?.operationId ?? routeOptions.url ?? '';
}
