import { OPEN, problemSchema, WRITE_SECURITY } from '@kenal/service-kit';
import type { FastifySchema } from 'fastify';
import { z } from 'zod';
import { acceptedSchema, batchSchema, EVENTS } from './events.ts';
import { recordsSchema } from './records.ts';

const TAGS = ['tracking'];

const FAULTS = {
  400: problemSchema.describe('The body, or its one event, was refused; it is kept as a failed event'),
  401: problemSchema.describe('The write key is unknown'),
  403: problemSchema.describe('The source is switched off'),
  413: problemSchema.describe('Over 4 MB, unpacked'),
  429: problemSchema.describe('Too many events a second for this key; Retry-After says how long to wait'),
  503: problemSchema.describe('The event log takes nothing now, or the process stops; try again after Retry-After'),
} as const;

const encoded = z.object({
  data: z.string().describe('the event as JSON, base64 or base64url'),
  writeKey: z.string(),
});

/** Headers of answers to events and records. */
export const TAKEN_HEADERS = {
  'X-Kenal-Position': {
    type: 'string',
    description:
      'where a secret key was sent: give it with a read, which then waits until what was written can be read',
  },
};

/**
 * A path that takes events.
 * @param path the first one of a type is named after it, others after themselves
 * @param type event type of the path; null where the body is a batch
 */
export function describeTracking(path: string, type: string | null): FastifySchema {
  const body = type === null ? batchSchema : EVENTS[type as keyof typeof EVENTS];
  const main = type === null ? '/v1/batch' : `/v1/${type}`;
  const summary = type === null ? 'Send many events' : `Send one event: ${type}`;
  return {
    tags: TAGS,
    operationId: path === main ? `send_${type ?? 'batch'}` : `send${path.replaceAll('/', '_')}`,
    summary: path === main ? summary : `The same as ${main}`,
    description:
      '200 means that every event is durable. The body is parsed as JSON whatever its content type, gunzipped where it is gzip.',
    security: WRITE_SECURITY,
    body,
    response: { 200: acceptedSchema, ...FAULTS },
    // Of twenty spellings of one call the reference page shows one
    ...(path === main ? {} : { 'x-scalar-ignore': true }),
  };
}

export const RECORDS: FastifySchema = {
  tags: TAGS,
  operationId: 'sendRecords',
  summary: 'Tell of items, prices, costs, stock, campaigns and accounts, and for what time each holds',
  description:
    '200 means that every record that is not among the rejected is durable; of those nothing is kept. Limits, key and encodings are those of the tracking API; the key may not be a public one.',
  security: WRITE_SECURITY,
  body: recordsSchema,
  response: { 200: acceptedSchema, ...FAULTS, 400: problemSchema.describe('The body holds no list of records') },
};

export const METRICS: FastifySchema = {
  tags: TAGS,
  operationId: 'sendClientMetrics',
  summary: 'What a client says of itself: taken and dropped',
  security: OPEN,
  response: { 200: z.object({ success: z.literal(true) }) },
};

export const PIXEL: FastifySchema = {
  tags: TAGS,
  operationId: 'sendByPixel',
  summary: 'One event from where no script runs; always a picture',
  security: OPEN, // whatever the key is, it is a picture
  params: z.object({ type: z.string().describe('identify, track, page, screen, group, alias, or its first letter') }),
  querystring: encoded,
  response: {
    200: { description: '1 × 1 gif', content: { 'image/gif': { schema: { type: 'string', format: 'binary' } } } },
  },
};

export const LINK: FastifySchema = {
  tags: TAGS,
  operationId: 'followLink',
  summary: 'A signed click redirect, with an event where data is given',
  security: OPEN,
  querystring: encoded
    .partial()
    .extend({ u: z.string().describe('where to'), sig: z.string().describe('its signature') }),
  response: {
    302: { description: 'On to `u`', headers: { location: { type: 'string' } } },
    400: problemSchema.describe('u or sig is missing'),
    403: problemSchema.describe('The signature is wrong'),
    404: problemSchema.describe('No secret for links is configured'),
  },
};

export const SEGMENT_SETTINGS: FastifySchema = {
  tags: TAGS,
  operationId: 'getSettings',
  summary: 'What Segment’s browser client asks first',
  security: OPEN, // the key stands in the path
  params: z.object({ writeKey: z.string() }),
  response: {
    200: z.object({ integrations: z.record(z.string(), z.record(z.string(), z.string())), plan: z.object({}) }),
    401: FAULTS[401],
    403: FAULTS[403],
  },
};

export const RUDDERSTACK_SETTINGS: FastifySchema = {
  tags: TAGS,
  operationId: 'getSourceConfig',
  summary: 'What RudderStack’s browser client asks first',
  security: WRITE_SECURITY,
  response: {
    200: z.object({
      source: z.looseObject({ id: z.string(), name: z.string(), writeKey: z.string(), enabled: z.boolean() }),
      updatedAt: z.string(),
    }),
    401: FAULTS[401],
    403: FAULTS[403],
  },
};

export const SETTLED: FastifySchema = {
  tags: TAGS,
  operationId: 'getSettled',
  summary: 'Whether all that was acknowledged before is resolved and can be asked for',
  security: WRITE_SECURITY,
  querystring: z.object({
    wait: z
      .string()
      .optional()
      .describe(
        'seconds to wait for it, at most 60. Give one: with the default 0 it is true only where nothing at all is under way, so never while events keep coming',
      ),
  }),
  response: { 200: z.object({ settled: z.boolean() }), 401: FAULTS[401], 403: FAULTS[403] },
};
