import { z } from 'zod';
import type { Action } from './action.ts';
import { type JsonObject, jsonPart } from './json.ts';
import { jsonValueSchema } from './json-schema.ts';
import { formatTime } from './time.ts';

const time = z.string().describe('ISO 8601, UTC');
const json = z.record(z.string(), jsonValueSchema) as unknown as z.ZodType<JsonObject>;

/** What is to be done about a customer, as webhooks show it. */
export const actionEnvelopeSchema = z
  .object({
    id: z.string().describe('also `webhook-id`'),
    type: z.literal('action'),
    workspace: z.string(),
    profileId: z.string(),
    occurredAt: time.describe('when it was decided; ISO 8601, UTC'),
    rule: z.string().describe('of `triggers` of kenal.yaml'),
    occurrence: z.string().describe('what it is about: once for each rule, profile and occurrence'),
    purpose: z.string().describe('of the consent that allows it'),
    action: json.describe('`action` of the rule'),
    detail: json.describe('what the signal says'),
  })
  .meta({ description: 'what is to be done about a customer, to endpoints with `actions`' });
export type ActionEnvelope = z.infer<typeof actionEnvelopeSchema>;

export function actionEnvelopeOf({ decidedAt, action, detail, ...rest }: Action): ActionEnvelope {
  const parts = { action: jsonPart(action), detail: jsonPart(detail) };
  return { ...rest, type: 'action', occurredAt: formatTime(decidedAt), ...parts };
}

/** What a test of an endpoint sends. */
export const pingEnvelopeSchema = z
  .object({
    id: z.string().describe('also `webhook-id`'),
    type: z.literal('ping'),
    workspace: z.string(),
    occurredAt: time,
  })
  .meta({ description: 'sent by `POST /v1/webhooks/{name}/test`; says nothing of anybody' });
