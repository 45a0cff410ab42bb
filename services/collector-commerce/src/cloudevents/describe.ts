import { problemSchema, WRITE_SECURITY } from '@kenal/service-kit';
import type { FastifySchema } from 'fastify';
import { z } from 'zod';

const event = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string().describe('with `id` it names the message: the same again adds nothing'),
    type: z.string().describe('name of the event, where `data` is none of Segment’s form'),
    time: z.string().optional().describe('RFC 3339'),
    subject: z.string().optional().describe('the person, as `email:ann@example.com`; any other names nobody'),
    datacontenttype: z.string().optional(),
    data: z.unknown().optional().describe('an event in Segment’s form, or the properties of this one'),
    data_base64: z.string().optional(),
  })
  .describe('a CloudEvent');
const JSON_SCHEMA = z.toJSONSchema(event, { io: 'input' });

/** `POST /v1/cloudevents`. */
export const CLOUDEVENTS: FastifySchema = {
  tags: ['tracking'],
  operationId: 'send_cloudevents',
  summary: 'Send CloudEvents 1.0: binary, structured or batch',
  description: '200 means that every event is durable. One that is sent alone and refused is answered 400, and kept.',
  security: WRITE_SECURITY,
  body: {
    content: {
      'application/cloudevents+json': { schema: JSON_SCHEMA },
      'application/cloudevents-batch+json': { schema: { type: 'array', items: JSON_SCHEMA } },
    },
  },
  response: {
    200: z.object({
      success: z.literal(true),
      accepted: z.number().int(),
      rejected: z.array(
        z.object({
          index: z.number().int(),
          messageId: z.string().nullable(),
          code: z.string(),
          path: z.string().describe('attribute at fault: `$[3].id`'),
          reason: z.string(),
        }),
      ),
    }),
    400: problemSchema.describe('The body, or its one event, was refused; it is kept as a failed event'),
    401: problemSchema.describe('The write key is unknown'),
    403: problemSchema.describe('The source is switched off'),
    413: problemSchema.describe('Over 4 MB, unpacked'),
    429: problemSchema.describe('Too many events a second for this key; Retry-After says how long to wait'),
    503: problemSchema.describe('The event log takes nothing now, or the process stops; try again after Retry-After'),
  },
};
