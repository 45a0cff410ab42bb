import { jsonValueSchema } from '@kenal/contracts';
import { z } from 'zod';

const time = z.string().describe('ISO 8601, UTC');

export const webhookView = z
  .object({
    name: z.string(),
    id: z.string().describe('never given again'),
    from: z.enum(['kenal.yaml', 'api']).describe('kenal.yaml: it is changed there'),
    url: z.string(),
    description: z.string(),
    filter: z.record(z.string(), jsonValueSchema).describe('which changes; empty: all'),
    actions: z.boolean().describe('also what rules decide'),
    enabled: z.boolean(),
    disabledReason: z.string().nullable().describe('why Kenal stopped it'),
    rotatingUntil: time.nullable().describe('until when an older secret signs as well'),
  })
  .meta({ id: 'Webhook', description: 'where changes of profiles are delivered to' });
export type WebhookView = z.infer<typeof webhookView>;

export const webhooksView = z.object({ webhooks: z.array(webhookView) }).meta({ id: 'Webhooks' });

export const newWebhookView = webhookView
  .extend({
    secret: z.string().describe('`whsec_…`, by which deliveries are verified (standardwebhooks.com); shown this once'),
  })
  .meta({ id: 'NewWebhook', description: 'an endpoint as it was made, or with its new secret' });

export const attemptView = z
  .object({
    event: z.string().describe('webhook-id'),
    type: z.string().describe('type of the change, action or ping'),
    profileId: z.string().nullable(),
    attempt: z.number().int(),
    at: time,
    outcome: z
      .string()
      .describe(
        'delivered; failed: tried again; dead: no attempt is left; erased: nothing was sent; disabled: the endpoint was off; gone: it answered 410',
      ),
    status: z.number().int().describe('HTTP status; 0 where there was no answer'),
    milliseconds: z.number().int(),
    error: z.string().nullable(),
    response: z.string().nullable().describe('the first 1,000 characters of an answer that was no success'),
  })
  .meta({ id: 'WebhookAttempt', description: 'an attempt to deliver an event' });
export type AttemptView = z.infer<typeof attemptView>;

export const attemptsView = z.object({ attempts: z.array(attemptView) }).meta({ id: 'WebhookAttempts' });

export const webhookParams = z.object({ name: z.string().min(1).max(63).describe('name of the endpoint') });

const MOST = 500;
export const attemptsQuery = z.object({
  event: z.string().min(1).max(256).optional().describe('of this event only'),
  outcome: z.string().min(1).max(32).optional().describe('with this outcome only'),
  limit: z.coerce.number().int().min(1).max(MOST).default(100),
});

const MOST_OVERLAP_HOURS = 168;
export const rotateRequest = z.strictObject({
  overlapHours: z
    .number()
    .min(0)
    .max(MOST_OVERLAP_HOURS)
    .default(24)
    .describe('how long the secret of before signs as well; five sign at once at most, and the oldest ends'),
});

export const resendRequest = z
  .strictObject({
    event: z.string().min(1).max(256).optional().describe('webhook-id: this event, whatever became of it'),
    since: z.iso.datetime({ offset: true }).optional().describe('all that is dead, or was left out, since then'),
  })
  .refine(({ event, since }) => (event === undefined) !== (since === undefined), {
    error: 'must have either event or since',
  });

export const stopRequest = z.strictObject({ reason: z.string().min(1).max(500) });

export const resentView = z.object({
  events: z
    .array(z.string())
    .describe('webhook-id of each that is sent again, those that were tried longest ago first'),
  more: z
    .boolean()
    .describe('10,000 are the most of one request, and there are others: ask again when these have arrived'),
});
export const pingView = z.object({ event: z.string().describe('webhook-id of the ping') });
export const removedView = z.object({ removed: z.string().describe('name of the endpoint') });
