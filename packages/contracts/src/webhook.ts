import { z } from 'zod';
import { changeFilterSchema } from './change-filter.ts';
import type { NewJob } from './ports/job-queue.ts';
import { FROM_ENVIRONMENT } from './references.ts';

/** Name of the jobs that deliver one event to one endpoint. */
export const WEBHOOK_JOB = 'webhook';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Waits between attempts, as the Standard Webhooks spec proposes them: ten attempts within 76 hours. */
export const WEBHOOK_WAITS_MS: readonly number[] = [
  ...[5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
];
/** Of each wait so much more or less, by chance: those that failed together do not come back together. */
const JITTER = 0.1;
/** Deliveries to one endpoint that run at once. */
const PARALLEL = 16;
/** Deliveries to one endpoint that may wait or run; with more the feed is not read on for it. */
export const WEBHOOK_MOST_WAITING = 1_000;

const MOST_URL = 2_048;
const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, { error: 'must be lower case letters, digits, - and _' });
const ENDPOINT = {
  name: name.describe('as people call it'),
  url: z.url().max(MOST_URL).describe('where it is delivered to; https'),
  description: z.string().max(500).default('').describe('for people'),
  filter: changeFilterSchema.prefault({}).describe('which changes of profiles; without it all'),
  actions: z.boolean().default(false).describe('also what rules decide (`triggers`), as events of type action'),
};

const WRITTEN_OUT = /^whsec_[A-Za-z0-9+/]+={0,2}$/;

/** Written out it stands only in files that Kenal writes for its own processes. */
const signingSecret = z
  .string()
  .refine((text) => FROM_ENVIRONMENT.test(text) || WRITTEN_OUT.test(text), {
    error: 'must be `env:NAME`, an environment variable that holds the secret',
  })
  .describe('never the secret itself')
  .meta({ secret: true });

/** An endpoint of kenal.yaml. */
export const webhookConfigSchema = z.strictObject({
  ...ENDPOINT,
  enabled: z.boolean().default(true).describe('false: nothing is delivered, and the place in the feed is kept'),
  secrets: z
    .array(signingSecret)
    .min(1)
    .max(3)
    .describe(
      'what deliveries are signed with, each as `whsec_` and base64; several sign at once while one is replaced',
    ),
});
export type WebhookConfig = z.infer<typeof webhookConfigSchema>;

/** Body of `POST /v1/webhooks`. */
export const newWebhookSchema = z.strictObject(ENDPOINT);
/** Body of `PATCH /v1/webhooks/{name}`: what is given is changed. */
export const webhookChangeSchema = z.strictObject({
  url: ENDPOINT.url.optional(),
  description: z.string().max(500).optional(),
  filter: changeFilterSchema.optional(),
  actions: z.boolean().optional(),
  enabled: z.boolean().optional().describe('true after a stop: goes on where it was, with all that was not delivered'),
});

/** One secret of an endpoint: derived from the signing key of the workspace, so it is kept nowhere. */
const generationSchema = z.object({
  /** 128 random bits, hex. */
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  /** Signs until then, microseconds; null: the present one. */
  until: z.number().int().nullable(),
});
export type WebhookGeneration = z.infer<typeof generationSchema>;

/** Document of a setting of kind `webhook`: an endpoint that was made while Kenal runs. */
export const webhookDocumentSchema = z.object({
  /** Never given again: a new endpoint of the same name has another place in the feed, and another secret. */
  id: z.string().regex(/^[0-9a-f-]{36}$/),
  ...{ url: ENDPOINT.url, description: z.string(), filter: changeFilterSchema, actions: z.boolean() },
  enabled: z.boolean(),
  /** Why it was stopped, where nobody did it on purpose. */
  disabledReason: z.string().nullable(),
  /** Microseconds: when it was last switched on again; what was left out before is made up for. */
  enabledAt: z.number().int().nullable(),
  generations: z.array(generationSchema).min(1),
  /** Where the feed stood when it was made: what comes from there on is delivered. */
  startAt: z.array(z.object({ topic: z.string(), partition: z.number().int(), offset: z.number().int() })),
});
export type WebhookDocument = z.infer<typeof webhookDocumentSchema>;

/** Document of a setting of kind `webhook` and the name of an endpoint of kenal.yaml: it was stopped meanwhile, or is on again. */
export const webhookSwitchSchema = z.strictObject({
  /** Why it was stopped; null: it is on, if kenal.yaml says so. */
  disabledReason: z.string().nullable().default(null),
  /** As of other endpoints. */
  enabledAt: z.number().int().nullable().default(null),
});

/** What one delivery is about: where the event stands in the log, or, of a ping, that it stands nowhere. */
export interface WebhookDelivery {
  readonly workspace: string;
  /** Id of the endpoint. */
  readonly endpoint: string;
  /** `webhook-id`: the same for every attempt, and where it is sent again. */
  readonly event: string;
  /** Type of the change, `action` or `ping`. */
  readonly type: string;
  readonly profileId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface HowDelivered {
  /** From 0 to 1, another one each call. */
  readonly random: () => number;
  /** As `JobLimit` has it. */
  readonly most?: number;
  /** Default {@link WEBHOOK_WAITS_MS}. */
  readonly waitsMs?: readonly number[] | undefined;
}

/**
 * The job that makes a delivery: in the order of its profile, and not beside too many others of its endpoint.
 */
export function webhookJob(
  delivery: WebhookDelivery,
  { random, most, waitsMs = WEBHOOK_WAITS_MS }: HowDelivered,
): NewJob {
  const { endpoint, event, profileId } = delivery;
  const waits = waitsMs.map((wait) => Math.round(wait * (1 - JITTER + 2 * JITTER * random())));
  return {
    ...{
      name: WEBHOOK_JOB,
      data: { ...delivery },
      uniqueKey: `${endpoint} ${event}`,
      group: `${endpoint} ${profileId}`,
    },
    ...{ attempts: waits.length + 1, backoffMs: waits },
    limit: { key: endpoint, parallel: PARALLEL, ...(most === undefined ? {} : { most }) },
  };
}

/** Consumer group of an endpoint: its place in the feed is its own. */
export function webhookGroup(endpoint: string): string {
  return `kenal.webhooks.${endpoint}`;
}
