import type { FastifyRequest } from 'fastify';
import type { TypedApp } from '../http/typed-app.ts';
import { traitsWithComputed } from './present.ts';
import type { ProfileRouteDeps } from './routes.ts';
import { SPACE_ROUTES } from './space-schemas.ts';

const BASE = '/v1/spaces/:space/collections/users/profiles/:profile';

/** The profile API as Segment’s clients call it: the same people, their field names. */
export function mountSpaces(app: TypedApp, deps: ProfileRouteDeps): void {
  const { askPerson } = deps;
  const end = (request: FastifyRequest, limit: number) => ({ url: path(request), has_more: false, next: '', limit });

  app.get(`${BASE}/traits`, { schema: SPACE_ROUTES.traits }, async (request) => {
    const { profile } = (await askPerson(request, request.params.profile)).seen;
    const traits = traitsWithComputed(profile);
    return { traits, cursor: end(request, Object.keys(traits).length) };
  });

  app.get(`${BASE}/external_ids`, { schema: SPACE_ROUTES.externalIds }, async (request) => {
    const { profile } = (await askPerson(request, request.params.profile)).seen;
    const data = profile.identifiers.map(({ type, value, firstSeen }) => ({
      id: value,
      type,
      source_id: '',
      collection: 'users' as const,
      created_at: new Date(firstSeen / 1_000).toISOString(),
      encoding: 'none' as const,
    }));
    return { data, cursor: end(request, data.length) };
  });

  app.get(`${BASE}/events`, { schema: SPACE_ROUTES.events }, async (request) => {
    const options = { part: 'timeline', from: 'warehouse' } as const;
    const { workspace, person } = await askPerson(request, request.params.profile, options);
    const { limit, next } = request.query;
    const page = await deps.timeline(workspace, person.profile, { limit, ...(next ? { cursor: next } : {}) });
    const data = page.items.map((item) => ({
      external_ids: item.identifiers.map(({ type, value }) => ({ collection: 'users' as const, type, id: value })),
      event: item.name,
      type: item.type,
      message_id: item.id,
      source_id: item.source,
      timestamp: item.occurredAt,
      properties: item.properties,
      context: item.context,
    }));
    const cursor = { url: path(request), has_more: page.cursor !== null, next: page.cursor ?? '', limit };
    return { data, cursor };
  });

  app.get(`${BASE}/metadata`, { schema: SPACE_ROUTES.metadata }, async (request) => {
    const { profile } = (await askPerson(request, request.params.profile)).seen;
    const iso = (micros: number): string => new Date(micros / 1_000).toISOString();
    return {
      segment_id: profile.id,
      metadata: { created_at: iso(profile.firstSeen), updated_at: iso(profile.lastSeen), expires_at: null },
    };
  });
}

function path(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}
