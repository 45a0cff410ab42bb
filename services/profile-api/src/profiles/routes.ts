import { createHash } from 'node:crypto';
import type { Clock } from '@kenal/contracts';
import type { KeyPlaces, ReadKeys } from '@kenal/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TypedApp } from '../http/typed-app.ts';
import type { ExplainPair } from './explain.ts';
import type { ReadFits } from './fits.ts';
import {
  presentExplanation,
  presentIdentifiers,
  presentProfile,
  presentSaid,
  presentScores,
  presentTraits,
} from './present.ts';
import type { ProfileReader } from './reader.ts';
import { ROUTES } from './route-schemas.ts';
import type { Search } from './search.ts';
import type { Timeline } from './timeline.ts';
import type { TraitHistory } from './trait-history.ts';
import { wholeReader } from './whole-reader.ts';

export interface ProfileRouteDeps {
  readonly readKeys: ReadKeys;
  readonly reader: ProfileReader;
  readonly explain: ExplainPair;
  readonly timeline: Timeline;
  readonly traitHistory: TraitHistory;
  readonly search: Search;
  readonly readFits: ReadFits;
  /** Decides what is stale. */
  readonly clock: Clock;
}

/** `/v1/profiles`: one person by any identifier, with parts, and search. */
export function mountProfiles(app: TypedApp, deps: ProfileRouteDeps): void {
  const workspaceOf = (request: KeyPlaces): string => wholeReader(deps.readKeys, request).workspace;

  app.get('/v1/profiles', { schema: ROUTES.search }, async (request) => {
    const { items, cursor } = await deps.search(workspaceOf(request), request.query);
    return { profiles: [...items], cursor };
  });

  app.get('/v1/profiles/:profile', { schema: ROUTES.profile }, async (request, reply) => {
    const workspace = workspaceOf(request);
    const person = await deps.reader.person(workspace, request.params.profile);
    return ifChanged(request, reply, presentProfile(workspace, person, deps.clock(), request.query.details));
  });

  app.get('/v1/profiles/:profile/traits', { schema: ROUTES.traits }, async (request, reply) => {
    const workspace = workspaceOf(request);
    const person = await deps.reader.person(workspace, request.params.profile);
    const { profile } = person;
    const { history, trait, ...page } = request.query;
    const view = { id: profile.id, version: profile.version, traits: presentTraits(profile) };
    if (history === 'full') {
      const { items, cursor } = await deps.traitHistory(workspace, profile, { ...page, trait });
      return { ...view, history: items.map(presentSaid), cursor };
    }
    if (history === null) return ifChanged(request, reply, view);
    const said = person.history().filter((one) => trait === undefined || one.trait === trait);
    return ifChanged(request, reply, { ...view, history: said.map(presentSaid) });
  });

  app.get('/v1/profiles/:profile/scores', { schema: ROUTES.scores }, async (request, reply) => {
    const workspace = workspaceOf(request);
    const { id, version, computed } = await deps.reader.find(workspace, request.params.profile);
    const fits = await deps.readFits(
      workspace,
      Object.values(computed).map(({ fitId }) => fitId),
    );
    return ifChanged(request, reply, { id, version, scores: presentScores(computed, fits) });
  });

  app.get('/v1/profiles/:profile/identifiers', { schema: ROUTES.identifiers }, async (request) => {
    const profile = await deps.reader.find(workspaceOf(request), request.params.profile);
    return { id: profile.id, version: profile.version, identifiers: presentIdentifiers(profile) };
  });

  app.get('/v1/profiles/:profile/explain', { schema: ROUTES.explain }, async (request) => {
    const workspace = workspaceOf(request);
    const refs = [request.params.profile, request.query.other] as const;
    return presentExplanation(await deps.explain(workspace, refs));
  });

  app.get('/v1/profiles/:profile/timeline', { schema: ROUTES.timeline }, async (request) => {
    const workspace = workspaceOf(request);
    const profile = await deps.reader.find(workspace, request.params.profile);
    const { items, cursor } = await deps.timeline(workspace, profile, request.query);
    return { id: profile.id, interactions: [...items], cursor };
  });
}

// By all that is shown: the version moves with the published content, but not with a sighting, a word that does not hold, a
// rule or the days that make a trait stale.
function ifChanged<T extends { readonly version: number }>(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: T,
): T | FastifyReply {
  const hash = createHash('sha256').update(JSON.stringify(answer)).digest('base64url').slice(0, 16);
  const tag = `"${answer.version}-${hash}"`;
  reply.header('etag', tag).header('cache-control', 'private, no-cache').header('vary', 'authorization');
  return request.headers['if-none-match'] === tag ? reply.code(304).send() : answer;
}
