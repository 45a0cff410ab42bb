import { opensBy } from '@kenal/service-kit';
import { z } from 'zod';
import { commaList } from '../http/comma-list.ts';
import { FAULTS } from '../http/faults.ts';
import { fields, MAX_PAGE, profileParams, yes } from './query.ts';
import * as schemas from './schemas.ts';
import { interactionView } from './timeline-schemas.ts';

/** Segment’s names of what is computed. */
const SEGMENT_CLASSES = ['audience', 'computed_trait'] as const;
const spaceParams = profileParams.extend({ space: z.string().describe('the workspace; the read key decides') });
const COMMON = { tags: ['profiles in Segment’s form'], security: opensBy('profiles') } as const;

const segmentCursor = z.object({ url: z.string(), has_more: z.boolean(), next: z.string(), limit: z.number().int() });
const listOf = <S extends z.ZodType>(item: S) => z.object({ data: z.array(item), cursor: segmentCursor });

/** What of the people of Segment’s profile API may be in one page. */
const MOST_TRAITS = 200;
const limit = z.coerce.number().int().min(1).max(MAX_PAGE);
const next = z.string().optional().describe('`cursor.next` of the page before');
const names = (what: string) =>
  z
    .string()
    .optional()
    .transform((text) => (text === undefined ? undefined : commaList(text).map((name) => name.trim())))
    .describe(`${what}, with commas`);
const list = z.object({ limit: limit.default(MOST_TRAITS), next, fields });

const traitsQuery = list.extend({
  include: names('these traits only'),
  class: z
    .enum(SEGMENT_CLASSES, { error: 'must be audience or computed_trait' })
    .optional()
    .describe('audience: segments that the person is in; computed_trait: computed traits'),
  verbose: yes.describe('each trait with its source and when it said so'),
});
const externalIdsQuery = list.extend({
  include: names('identifiers of these types only'),
  verbose: yes.describe('taken as Segment takes it; there is no more to tell'),
});
const metadataQuery = z.object({
  verbose: yes.describe('taken as Segment takes it; there is no more to tell'),
  fields,
});
const eventsQuery = z.object({
  ...{ limit: limit.default(10), next, fields },
  include: names('events of these names only'),
  exclude: names('events of these names not'),
  start: z.string().optional().describe('ISO 8601, inclusive'),
  end: z.string().optional().describe('ISO 8601, exclusive'),
  sort: z.enum(['asc', 'desc'], { error: 'must be asc or desc' }).default('desc').describe('desc: newest first'),
});
const eventView = z.object({
  external_ids: z.array(z.object({ collection: z.literal('users'), type: z.string(), id: z.string() })),
  event: z.string().nullable(),
  type: z.string(),
  message_id: z.string(),
  source_id: z.string(),
  timestamp: z.string(),
  properties: interactionView.shape.properties,
  context: interactionView.shape.context,
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
    params: spaceParams,
    querystring: traitsQuery,
    response: {
      200: z.object({
        traits: schemas.profileView.shape.traits.describe(
          'by name; with `verbose` objects of value, source_id, updated_at',
        ),
        cursor: segmentCursor,
      }),
      ...FAULTS,
    },
  },
  externalIds: {
    ...COMMON,
    operationId: 'spaceExternalIds',
    summary: 'All identifiers of a person',
    params: spaceParams,
    querystring: externalIdsQuery,
    response: { 200: listOf(externalId), ...FAULTS },
  },
  events: {
    ...COMMON,
    operationId: 'spaceEvents',
    summary: 'What a person did',
    params: spaceParams,
    querystring: eventsQuery,
    response: { 200: listOf(eventView), ...FAULTS },
  },
  metadata: {
    ...COMMON,
    operationId: 'spaceMetadata',
    summary: 'When a person was first and last seen',
    params: spaceParams,
    querystring: metadataQuery,
    response: {
      200: z.object({
        segment_id: z.string(),
        metadata: z.object({ created_at: z.string(), updated_at: z.string(), expires_at: z.null() }),
      }),
      ...FAULTS,
    },
  },
} as const;
