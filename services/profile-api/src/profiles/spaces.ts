import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readCursor, writeCursor } from '../http/cursor.ts';
import { WAITS } from '../http/read-headers.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { ProfileRouteDeps } from './routes.ts';
import { SPACE_ROUTES } from './space-schemas.ts';
import { spaceTraitsOf } from './space-traits.ts';

const BASE = '/v1/spaces/:space/collections/users/profiles/:profile';

/** The profile API as Segment’s clients call it: the same people, their field names and their parameters. */
export function mountSpaces(app: TypedApp, deps: ProfileRouteDeps): void {
  const { askPerson } = deps;

  app.get(`${BASE}/traits`, { schema: SPACE_ROUTES.traits, config: WAITS }, async (request) => {
    const { profile } = (await askPerson(request, request.params.profile, { parts: ['traits', 'computed'] })).seen;
    const { include, class: only, verbose, ...page } = request.query;
    const all = spaceTraitsOf(profile, only).filter(([name]) => include?.includes(name) ?? true);
    const { items, cursor } = pageOf(request, all, page);
    return { traits: Object.fromEntries(items.map(([name, one]) => [name, verbose ? one : one.value])), cursor };
  });

  app.get(`${BASE}/external_ids`, { schema: SPACE_ROUTES.externalIds, config: WAITS }, async (request) => {
    const { profile } = (await askPerson(request, request.params.profile, { parts: ['identifiers'] })).seen;
    const { include, ...page } = request.query;
    const all = profile.identifiers.filter(({ type }) => include?.includes(type) ?? true);
    const { items, cursor } = pageOf(request, all, page);
    const data = items.map(({ type, value, firstSeen }) => ({
      ...{ id: value, type, source_id: '', collection: 'users' as const },
      ...{ created_at: isoOf(firstSeen), encoding: 'none' as const },
    }));
    return { data, cursor };
  });

  app.get(`${BASE}/events`, { schema: SPACE_ROUTES.events, config: WAITS }, async (request) => {
    const options = { parts: ['timeline'], from: 'warehouse' } as const;
    const { workspace, person } = await askPerson(request, request.params.profile, options);
    const { limit, next, include, exclude, start, end, sort } = request.query;
    const page = await deps.timeline(workspace, person.profile, {
      ...{ limit, from: start, to: end, oldestFirst: sort === 'asc' },
      ...(next ? { cursor: next } : {}),
      ...(include === undefined ? {} : { names: include }),
      ...(exclude === undefined ? {} : { notNames: exclude }),
    });
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

  app.get(`${BASE}/metadata`, { schema: SPACE_ROUTES.metadata, config: WAITS }, async (request) => {
    const { profile } = (await askPerson(request, request.params.profile)).seen;
    return {
      segment_id: profile.id,
      metadata: { created_at: isoOf(profile.firstSeen), updated_at: isoOf(profile.lastSeen), expires_at: null },
    };
  });
}

const placeSchema = z.tuple([z.number().int().min(0)]);

/** A page of a list that is at hand. @param next how many were told before, as the page before it says */
function pageOf<T>(
  request: FastifyRequest,
  all: readonly T[],
  { limit, next }: { readonly limit: number; readonly next?: string | undefined },
) {
  const [from] = next ? readCursor(placeSchema, next) : [0];
  const to = from + limit;
  const more = to < all.length;
  const cursor = { url: path(request), has_more: more, next: more ? writeCursor([to]) : '', limit };
  return { items: all.slice(from, to), cursor };
}

function isoOf(micros: number): string {
  return new Date(micros / 1_000).toISOString();
}

function path(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}
