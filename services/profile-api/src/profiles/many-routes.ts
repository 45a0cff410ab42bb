import { type Clock, formatTime } from '@kenal/contracts';
import { isKenalError, KenalError } from '@kenal/errors';
import { authenticate, opensBy, problemSchema, type ReadKeys } from '@kenal/service-kit';
import { z } from 'zod';
import { FAULTS } from '../http/faults.ts';
import { readOptions } from '../http/read-body.ts';
import { WAITS } from '../http/read-headers.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { AskPerson } from './ask-person.ts';
import { wantedFields } from './fields.ts';
import type { OwnTokens } from './own-token.ts';
import { presentProfile } from './present.ts';
import { profileParams } from './query.ts';
import { profileView } from './schemas.ts';
import type { AwaitWritten } from './written.ts';

export interface ManyRouteDeps {
  readonly readKeys: ReadKeys;
  readonly askPerson: AskPerson;
  readonly ownTokens: OwnTokens;
  readonly awaitWritten: AwaitWritten;
  readonly clock: Clock;
}

const MOST_PROFILES = 500;
const BODY_BYTES = 256 * 1_024;
const LONGEST_SECONDS = 3_600;
const USUAL_SECONDS = 900;

const fields = wantedFields.optional().describe('what to show; without it all that the key shows');

const batchRequest = z
  .strictObject({
    profiles: z
      .array(z.string().min(1))
      .min(1)
      .max(MOST_PROFILES)
      .describe('`type:value` or profile ids; not URL-encoded'),
    fields,
  })
  .meta({ examples: [{ profiles: ['email:ann@example.com', 'user_id:bob'], fields: ['traits.email'] }] });

const batchView = z
  .object({
    profiles: z
      .array(
        z.object({
          ref: z.string().describe('as it was asked for'),
          profile: profileView.nullable(),
          error: z.object({ code: z.string(), message: z.string() }).nullable().describe('why there is no profile'),
        }),
      )
      .describe('in the order in which they were asked for'),
  })
  .meta({ id: 'ProfileBatch' });

const tokenRequest = z
  .strictObject({
    fields,
    seconds: z.number().int().min(1).max(LONGEST_SECONDS).default(USUAL_SECONDS).describe('how long it opens'),
  })
  .meta({ examples: [{ fields: ['traits', 'orders'], seconds: 300 }] });

const tokenView = z
  .object({
    token: z.string().describe('send it as a key: Authorization: Bearer, and ask for /v1/profiles/me'),
    expiresAt: z.string().describe('ISO 8601, UTC'),
    id: z.string().describe('the profile'),
  })
  .meta({ id: 'OwnToken', description: 'opens the data of one person, for a short time; kept nowhere' });

/** Several people at once, and tokens with which one person sees their own data. */
export function mountMany(app: TypedApp, deps: ManyRouteDeps): void {
  const { readKeys, askPerson, ownTokens, awaitWritten, clock } = deps;
  const common = { tags: ['profiles'], security: opensBy('profiles') };
  const onRequest = async (request: Parameters<AskPerson>[0]) => void authenticate(readKeys, request, 'profiles');

  app.post(
    '/v1/profiles/batch',
    {
      ...{ onRequest, bodyLimit: BODY_BYTES },
      schema: {
        ...{ ...common, operationId: 'getProfiles', summary: `Up to ${MOST_PROFILES} people by any identifiers` },
        response: { 200: batchView, ...FAULTS },
      },
      config: { openapi: { ...WAITS.openapi, body: batchRequest } },
    },
    async (request, reply) => {
      const asked = readOptions(batchRequest, request.body, '{"profiles": ["email:ann@example.com"]}');
      await awaitWritten(authenticate(readKeys, request, 'profiles').workspace, request, 'state');
      const options = { fields: asked.fields ?? null, from: null };
      const read = async (ref: string) => {
        try {
          const { workspace, seen } = await askPerson(request, ref, options);
          return { ref, profile: presentProfile(workspace, seen, clock(), false), error: null };
        } catch (error) {
          if (!isKenalError(error, 'not_found') && !isKenalError(error, 'bad_query')) throw error;
          return { ref, profile: null, error: { code: error.code, message: error.message } };
        }
      };
      reply.header('cache-control', 'private, no-store');
      return { profiles: await Promise.all(asked.profiles.map(read)) };
    },
  );

  app.post(
    '/v1/profiles/:profile/token',
    {
      onRequest,
      schema: {
        ...{ ...common, operationId: 'issueOwnToken', params: profileParams },
        summary: 'A token with which this person sees their own data, for some minutes',
        response: { 201: tokenView, ...FAULTS, 409: problemSchema },
      },
      config: { openapi: { ...WAITS.openapi, body: tokenRequest } },
    },
    async (request, reply) => {
      const asked = readOptions(tokenRequest, request.body, '{"fields": ["traits", "orders"], "seconds": 300}');
      const { reader, person } = await askPerson(request, request.params.profile);
      const shown = narrowed(reader.fields, asked.fields ?? null);
      const { token, expiresAt } = await ownTokens.issue(reader, person.profile.id, shown, asked.seconds);
      reply.code(201).header('cache-control', 'no-store');
      return { token, expiresAt: formatTime(expiresAt), id: person.profile.id };
    },
  );
}

/** Fields of a token: no more than the key has that asks for it. @throws KenalError `forbidden` */
function narrowed(own: readonly string[] | null, asked: readonly string[] | null): readonly string[] | null {
  if (own === null || asked === null) return asked ?? own;
  const beyond = asked.filter((field) => !own.some((mine) => field === mine || field.startsWith(`${mine}.`)));
  if (beyond.length === 0) return asked;
  throw new KenalError('forbidden', `the key shows ${own.join(', ')}, and gives no token for ${beyond.join(', ')}`);
}
