import { readFileSync } from 'node:fs';
import { constant, constSchema, readingOptions } from '@kenal/collector-commerce/mapping';
import { ACTOR_KINDS, CHANNELS, INTERACTION_TYPES } from '@kenal/contracts';
import { checkYaml, listFaults } from '@kenal/service-kit';
import { z } from 'zod';
import { UsageError } from '../cli/usage-error.ts';

const columnSchema = z.strictObject({ column: z.string().min(1), ...readingOptions });

/** A column's name, a constant, or an object that says how to read a column. */
export const valueSchema = z.union([constant, constSchema, columnSchema]).meta({
  wanted: `a column name, a constant, or {column: …} with ${Object.keys(columnSchema.shape).slice(1).join(', ')}`,
});
export type ValueSpec = z.infer<typeof valueSchema>;
export type ColumnSpec = z.infer<typeof columnSchema>;

const values = z.record(z.string().min(1), valueSchema);

export const fileHints = z
  .strictObject({
    format: z.string().optional(),
    delimiter: z.string().min(1).max(3).optional(),
    encoding: z.string().optional(),
  })
  .default({})
  .describe('where the file itself does not tell');

/** The mapping file of `kenal import`. Unknown keys are refused. */
export const mappingSchema = z.strictObject({
  source: z.string().optional().describe('id of the source that the rows come from; `--source` wins'),
  type: z.enum(INTERACTION_TYPES).optional().describe('default: track, or identify where there are only traits'),
  event: valueSchema.optional().describe('name of the event; a bare word that is no column is taken as it stands'),
  time: valueSchema.optional().describe('when it happened'),
  zone: z.string().optional().describe('time zone of times without one; default: the workspace’s'),
  timezone: z.string().optional().describe('same as zone'),
  identifiers: values.default({}).describe('type → column: user_id, email, phone, loyalty_card, …'),
  traits: values.default({}).describe('facts about the person'),
  properties: values.default({}).describe('facts about the event'),
  context: values.default({}).describe('where it happened; dots make it deeper: page.url'),
  channel: valueSchema.optional().describe(`${CHANNELS.join(', ')}; default: the source’s`),
  direction: valueSchema
    .optional()
    .describe('inbound: the person acted (default); outbound: we did; internal: among ourselves'),
  actor: z
    .strictObject({ kind: valueSchema, id: valueSchema, team: valueSchema.optional() })
    .optional()
    .describe(`who acted for us; a kind is ${ACTOR_KINDS.join(', ')}`),
  conversation_id: valueSchema.optional().describe('what it continues'),
  case_id: valueSchema.optional().describe('the case that it belongs to'),
  account_id: valueSchema.optional().describe('the company that the person acted for'),
  order: z
    .strictObject({
      id: valueSchema,
      item: valueSchema,
      quantity: valueSchema.default(1),
      price: valueSchema,
      currency: valueSchema.optional(),
      name: valueSchema.optional(),
      category: valueSchema.optional(),
    })
    .optional()
    .describe('the row is one line of an order'),
  file: fileHints,
});
export type Mapping = z.infer<typeof mappingSchema>;

export interface MappingFile {
  readonly path: string;
  /** As it stands in the file: part of what an interrupted import is recognised by. */
  readonly text: string;
  readonly mapping: Mapping;
}

/** @throws UsageError that names each key at fault */
export function readMappingFile(path: string): MappingFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`there is no mapping file ${path}; services/kenal/examples holds some to start from`);
  }
  return { path, text, mapping: parseMapping(text, path) };
}

export function parseMapping(text: string, path: string): Mapping {
  const checked = checkYaml(mappingSchema, text);
  if (checked.ok) return checked.value;
  throw new UsageError(listFaults(path, checked));
}
