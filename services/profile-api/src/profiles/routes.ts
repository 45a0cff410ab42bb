import type { ProfileView } from '@kenal/identity';
import { problemSchema, READ_SECURITY } from '@kenal/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authenticate } from '../auth/credentials.ts';
import type { ReadKeys } from '../auth/read-keys.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { presentIdentifiers, presentProfile, presentTraits } from './present.ts';
import type { ProfileReader } from './reader.ts';
import * as schemas from './schemas.ts';
import type { Search } from './search.ts';
import type { Timeline } from './timeline.ts';

export interface ProfileRouteDeps {
  readonly readKeys: ReadKeys;
  readonly reader: ProfileReader;
  readonly timeline: Timeline;
  readonly search: Search;
}

/** Answers that every route below may give besides its own. */
export const FAULTS = {
  400: problemSchema,
  401: problemSchema,
  404: problemSchema,
  503: problemSchema,
} as const;
const COMMON = { tags: ['profiles'], security: READ_SECURITY } as const;

/** `/v1/profiles`: one person by any identifier, with parts, and search. */
export function mountProfiles(app: TypedApp, deps: ProfileRouteDeps): void {
  const workspaceOf = (request: FastifyRequest): string =>
    authenticate(deps.readKeys, request.headers, request.query as Record<string, unknown>);

  app.get(
    '/v1/profiles',
    {
      schema: {
        ...COMMON,
        operationId: 'searchProfiles',
        summary: 'Find people by a part of their name, e-mail, phone number or id',
        querystring: schemas.searchQuery,
        response: { 200: schemas.searchView, ...FAULTS },
      },
    },
    async (request) => {
      const { items, cursor } = await deps.search(workspaceOf(request), request.query);
      return { profiles: [...items], cursor };
    },
  );

  app.get(
    '/v1/profiles/:profile',
    {
      schema: {
        ...COMMON,
        operationId: 'getProfile',
        summary: 'One person, by any identifier or any profile id ever issued',
        params: schemas.profileParams,
        querystring: schemas.profileQuery,
        response: { 200: schemas.profileView, ...FAULTS },
      },
    },
    async (request, reply) => {
      const workspace = workspaceOf(request);
      const profile = await deps.reader.find(workspace, request.params.profile);
      if (unchanged(request, reply, profile)) return reply;
      const links = request.query.details ? await deps.reader.refusedLinks(workspace, profile) : null;
      return presentProfile(workspace, profile, links);
    },
  );

  app.get(
    '/v1/profiles/:profile/traits',
    {
      schema: {
        ...COMMON,
        operationId: 'getProfileTraits',
        summary: 'What is known of a person, each trait with its source and time',
        params: schemas.profileParams,
        response: { 200: schemas.traitsView, ...FAULTS },
      },
    },
    async (request, reply) => {
      const profile = await deps.reader.find(workspaceOf(request), request.params.profile);
      if (unchanged(request, reply, profile)) return reply;
      return { id: profile.id, version: profile.version, traits: presentTraits(profile) };
    },
  );

  app.get(
    '/v1/profiles/:profile/identifiers',
    {
      schema: {
        ...COMMON,
        operationId: 'getProfileIdentifiers',
        summary: 'All identifiers of a person, strongest first',
        params: schemas.profileParams,
        response: { 200: schemas.identifiersView, ...FAULTS },
      },
    },
    async (request) => {
      const profile = await deps.reader.find(workspaceOf(request), request.params.profile);
      return { id: profile.id, version: profile.version, identifiers: presentIdentifiers(profile) };
    },
  );

  app.get(
    '/v1/profiles/:profile/timeline',
    {
      schema: {
        ...COMMON,
        operationId: 'getProfileTimeline',
        summary: 'What happened with a person, on all channels, newest first',
        params: schemas.profileParams,
        querystring: schemas.timelineQuery,
        response: { 200: schemas.timelineView, ...FAULTS },
      },
    },
    async (request) => {
      const workspace = workspaceOf(request);
      const profile = await deps.reader.find(workspace, request.params.profile);
      const { items, cursor } = await deps.timeline(workspace, profile, request.query);
      return { id: profile.id, interactions: [...items], cursor };
    },
  );
}

// The version changes with the content, but not with a mere sighting, so the tag names that time too.
function unchanged(request: FastifyRequest, reply: FastifyReply, profile: ProfileView): boolean {
  const tag = `"${profile.version}-${profile.lastSeen}"`;
  reply.header('etag', tag).header('cache-control', 'private, no-cache').header('vary', 'authorization');
  if (request.headers['if-none-match'] !== tag) return false;
  reply.code(304).send();
  return true;
}
