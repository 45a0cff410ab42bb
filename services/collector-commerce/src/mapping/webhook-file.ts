import { readFileSync } from 'node:fs';
import { ACTOR_KINDS, CHANNELS } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { checkYaml, listFaults } from '@kenal/service-kit';
import { z } from 'zod';
import { constant, constSchema, readingOptions } from './reading.ts';

const pathSchema = z.strictObject({ path: z.string().min(1), ...readingOptions });
const single = z.union([constant, constSchema, pathSchema]);
const listSchema = z.strictObject({ each: z.string().min(1), fields: z.record(z.string().min(1), single) });
const WANTED = `a path that begins with $, a constant, {path: …} with ${Object.keys(readingOptions).join(', ')}, or {each: …, fields: …}`;

/** As in a mapping of `kenal import`, with a path in place of a column. Text that does not begin with $ stands for itself. */
const valueSchema = z.union([constant, constSchema, pathSchema, listSchema]).meta({ wanted: WANTED });
export type ValueSpec = z.infer<typeof valueSchema>;
export type PathSpec = z.infer<typeof pathSchema>;

const values = z.record(z.string().min(1), valueSchema).default({});
const conditions = z.record(
  z.string().min(1),
  z.union([constant, z.array(constant).min(1), z.strictObject({ exists: z.boolean() })]),
);

/** What an event is made of: the words of `kenal import`. */
const eventFields = {
  type: z.enum(['track', 'identify', 'group']).optional().describe('default: track, or identify without an event'),
  event: valueSchema.optional().describe('name of the event'),
  message_id: valueSchema
    .optional()
    .describe('equal in every retry; default: header {id} of the signature, else a hash of the part'),
  time: valueSchema.optional().describe('when it happened'),
  identifiers: values.describe('type → value, of the one person whom it is about'),
  traits: values.describe('facts about the person'),
  properties: values.describe('facts about the event; dots make it deeper'),
  context: values.describe('where it happened; dots make it deeper: page.url'),
  channel: valueSchema.optional().describe(`${CHANNELS.join(', ')}; default: the source’s`),
  direction: valueSchema.optional().describe('inbound (default), outbound, internal'),
  actor: z
    .strictObject({ kind: valueSchema, id: valueSchema, team: valueSchema.optional() })
    .optional()
    .describe(`who acted for us; a kind is ${ACTOR_KINDS.join(', ')}`),
  conversation_id: valueSchema.optional(),
  case_id: valueSchema.optional(),
  account_id: valueSchema.optional(),
} as const;

const ruleSchema = z.strictObject({ when: conditions.optional(), ...eventFields });

/** The mapping file of a `custom-hmac` source. Unknown keys are refused. */
export const webhookMappingSchema = z.strictObject({
  each: z.string().optional().describe('path of a list whose elements are taken each alone; $ is then the element'),
  zone: z.string().optional().describe('of times without one; default: the workspace’s'),
  ...ruleSchema.shape,
  events: z
    .array(ruleSchema)
    .min(1)
    .optional()
    .describe(
      'the first whose `when` holds counts, with what stands above for what it lacks; where none does the part is ignored',
    ),
});
export type WebhookMapping = z.infer<typeof webhookMappingSchema>;
export type WebhookRule = z.infer<typeof ruleSchema>;

/** @throws KenalError `bad_config` that names each key at fault by its line */
export function readWebhookMapping(path: string): WebhookMapping {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new KenalError('bad_config', `there is no mapping file ${path}`, { cause });
  }
  const checked = checkYaml(webhookMappingSchema, text);
  if (checked.ok) return checked.value;
  throw new KenalError('bad_config', listFaults(path, checked));
}

/** Rules in their order, each with what the file says for all. */
export function rulesOf({ each: _, zone: __, events, ...common }: WebhookMapping): readonly WebhookRule[] {
  if (events === undefined) return [common];
  return events.map((rule) => ({
    ...common,
    ...rule,
    when: { ...common.when, ...rule.when },
    identifiers: { ...common.identifiers, ...rule.identifiers },
    traits: { ...common.traits, ...rule.traits },
    properties: { ...common.properties, ...rule.properties },
    context: { ...common.context, ...rule.context },
  }));
}
