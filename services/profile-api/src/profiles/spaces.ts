import { READ_SECURITY } from '@kenal/service-kit';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { authenticate } from '../auth/credentials.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { FAULTS, type ProfileRouteDeps } from './routes.ts';
import * as schemas from './schemas.ts';

const BASE = '/v1/spaces/:space/collections/users/profiles/:profile';
const COMMON = { tags: ['profiles in Segment’s form'], security: READ_SECURITY } as const;

const segmentCursor = z.object({ url: z.string(), has_more: z.boolean(), next: z.string(), limit: z.number().int() });
const listOf = <S extends z.ZodType>(item: S) => z.object({ data: z.array(item), cursor: segmentCursor });

const limits = z.object({
  limit: z.coerce.number().int().min(1).max(schemas.MAX_PAGE).default(10),
  next: z.string().optional().describe('`cursor.next` of the page before'),
});
const eventView = z.object({
  external_ids: z.array(z.object({ collection: z.literal('users'), type: z.string(), id: z.string() })),
  event: z.string().nullable(),
  type: z.string(),
  message_id: z.string(),
  source_id: z.string(),
  timestamp: z.string(),
  properties: schemas.interactionView.shape.properties,
  context: schemas.interactionView.shape.context,
});
const externalId = z.object({
  id: z.string(),
  type: z.string(),
  source_id: z.string(),
  collection: z.literal('users'),
  created_at: z.string(),
  encoding: z.literal('none'),
});

/** The profile API as Segment’s clients call it: the same people, their field names. */
export function mountSpaces(app: TypedApp, deps: ProfileRouteDeps): void {
  const workspaceOf = (request: FastifyRequest): string =>
    authenticate(deps.readKeys, request.headers, request.query as Record<string, unknown>);
  const end = (request: FastifyRequest, limit: number) => ({ url: path(request), has_more: false, next: '', limit });

  app.get(
    `${BASE}/traits`,
    {
      schema: {
        ...COMMON,
        operationId: 'spaceTraits',
        params: schemas.spaceParams,
        response: { 200: z.object({ traits: schemas.profileView.shape.traits, cursor: segmentCursor }), ...FAULTS },
      },
    },
    async (request) => {
      const profile = await deps.reader.find(workspaceOf(request), request.params.profile);
      return { traits: profile.traits, cursor: end(request, Object.keys(profile.traits).length) };
    },
  );

  app.get(
    `${BASE}/external_ids`,
    {
      schema: {
        ...COMMON,
        operationId: 'spaceExternalIds',
        params: schemas.spaceParams,
        response: { 200: listOf(externalId), ...FAULTS },
      },
    },
    async (request) => {
      const profile = await deps.reader.find(workspaceOf(request), request.params.profile);
      const data = profile.identifiers.map(({ type, value, firstSeen }) => ({
        id: value,
        type,
        source_id: '',
        collection: 'users' as const,
        created_at: new Date(firstSeen / 1_000).toISOString(),
        encoding: 'none' as const,
      }));
      return { data, cursor: end(request, data.length) };
    },
  );

  app.get(
    `${BASE}/events`,
    {
      schema: {
        ...COMMON,
        operationId: 'spaceEvents',
        params: schemas.spaceParams,
        querystring: limits,
        response: { 200: listOf(eventView), ...FAULTS },
      },
    },
    async (request) => {
      const workspace = workspaceOf(request);
      const profile = await deps.reader.find(workspace, request.params.profile);
      const { limit, next } = request.query;
      const page = await deps.timeline(workspace, profile, { limit, ...(next ? { cursor: next } : {}) });
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
    },
  );

  app.get(
    `${BASE}/metadata`,
    {
      schema: {
        ...COMMON,
        operationId: 'spaceMetadata',
        params: schemas.spaceParams,
        response: {
          200: z.object({
            segment_id: z.string(),
            metadata: z.object({ created_at: z.string(), updated_at: z.string(), expires_at: z.null() }),
          }),
          ...FAULTS,
        },
      },
    },
    async (request) => {
      const profile = await deps.reader.find(workspaceOf(request), request.params.profile);
      const iso = (micros: number): string => new Date(micros / 1_000).toISOString();
      return {
        segment_id: profile.id,
        metadata: { created_at: iso(profile.firstSeen), updated_at: iso(profile.lastSeen), expires_at: null },
      };
    },
  );
}

function path(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}
