import { opensBy } from '@kenal/service-kit';
import { z } from 'zod';
import { FAULTS } from './route-schemas.ts';
import * as schemas from './schemas.ts';

const COMMON = { tags: ['profiles in Segment’s form'], security: opensBy('profiles') } as const;

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

/** What each route of `/v1/spaces` takes and gives. */
export const SPACE_ROUTES = {
  traits: {
    ...COMMON,
    operationId: 'spaceTraits',
    summary: 'What is known of a person',
    params: schemas.spaceParams,
    response: { 200: z.object({ traits: schemas.profileView.shape.traits, cursor: segmentCursor }), ...FAULTS },
  },
  externalIds: {
    ...COMMON,
    operationId: 'spaceExternalIds',
    summary: 'All identifiers of a person',
    params: schemas.spaceParams,
    response: { 200: listOf(externalId), ...FAULTS },
  },
  events: {
    ...COMMON,
    operationId: 'spaceEvents',
    summary: 'What a person did, newest first',
    params: schemas.spaceParams,
    querystring: limits,
    response: { 200: listOf(eventView), ...FAULTS },
  },
  metadata: {
    ...COMMON,
    operationId: 'spaceMetadata',
    summary: 'When a person was first and last seen',
    params: schemas.spaceParams,
    response: {
      200: z.object({
        segment_id: z.string(),
        metadata: z.object({ created_at: z.string(), updated_at: z.string(), expires_at: z.null() }),
      }),
      ...FAULTS,
    },
  },
} as const;
