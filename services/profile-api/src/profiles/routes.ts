import type { ProfileView } from '@kenal/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authenticate, type KeyPlaces } from '../auth/credentials.ts';
import type { ReadKeys } from '../auth/read-keys.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { explain, pathByLinks } from './explain.ts';
import { presentExplanation, presentIdentifiers, presentProfile, presentTraits } from './present.ts';
import type { ProfileReader } from './reader.ts';
import { ROUTES } from './route-schemas.ts';
import type { Search } from './search.ts';
import type { Timeline } from './timeline.ts';

export interface ProfileRouteDeps {
  readonly readKeys: ReadKeys;
  readonly reader: ProfileReader;
  readonly timeline: Timeline;
  readonly search: Search;
}

/** `/v1/profiles`: one person by any identifier, with parts, and search. */
export function mountProfiles(app: TypedApp, deps: ProfileRouteDeps): void {
  const workspaceOf = (request: KeyPlaces): string => authenticate(deps.readKeys, request);

  app.get('/v1/profiles', { schema: ROUTES.search }, async (request) => {
    const { items, cursor } = await deps.search(workspaceOf(request), request.query);
    return { profiles: [...items], cursor };
  });

  app.get('/v1/profiles/:profile', { schema: ROUTES.profile }, async (request, reply) => {
    const workspace = workspaceOf(request);
    const profile = await deps.reader.find(workspace, request.params.profile);
    if (unchanged(request, reply, profile)) return reply;
    const links = request.query.details ? await deps.reader.refusedLinks(workspace, profile) : null;
    return presentProfile(workspace, profile, links);
  });

  app.get('/v1/profiles/:profile/traits', { schema: ROUTES.traits }, async (request, reply) => {
    const profile = await deps.reader.find(workspaceOf(request), request.params.profile);
    if (unchanged(request, reply, profile)) return reply;
    return { id: profile.id, version: profile.version, traits: presentTraits(profile) };
  });

  app.get('/v1/profiles/:profile/identifiers', { schema: ROUTES.identifiers }, async (request) => {
    const profile = await deps.reader.find(workspaceOf(request), request.params.profile);
    return { id: profile.id, version: profile.version, identifiers: presentIdentifiers(profile) };
  });

  app.get('/v1/profiles/:profile/explain', { schema: ROUTES.explain }, async (request) => {
    const workspace = workspaceOf(request);
    const refs = [request.params.profile, request.query.other] as const;
    return presentExplanation(await explain(deps.reader, pathByLinks, workspace, refs));
  });

  app.get('/v1/profiles/:profile/timeline', { schema: ROUTES.timeline }, async (request) => {
    const workspace = workspaceOf(request);
    const profile = await deps.reader.find(workspace, request.params.profile);
    const { items, cursor } = await deps.timeline(workspace, profile, request.query);
    return { id: profile.id, interactions: [...items], cursor };
  });
}

// The version changes with the content, but not with a mere sighting, so the tag names that time too.
function unchanged(request: FastifyRequest, reply: FastifyReply, profile: ProfileView): boolean {
  const tag = `"${profile.version}-${profile.lastSeen}"`;
  reply.header('etag', tag).header('cache-control', 'private, no-cache').header('vary', 'authorization');
  if (request.headers['if-none-match'] !== tag) return false;
  reply.code(304).send();
  return true;
}
