import { readFileSync } from 'node:fs';
import { INTERACTION_TYPES } from '@kenal/contracts';
import { checkYaml, listFaults } from '@kenal/service-kit';
import { z } from 'zod';
import { UsageError } from '../cli/usage-error.ts';

/** Ways to read a cell, by name. */
const CONVERTERS = ['text', 'trim', 'number', 'integer', 'boolean', 'lower', 'upper', 'date', 'json'] as const;
/** What the sign of a number means. */
const SIGNS = ['keep', 'return', 'negate'] as const;

const constant = z.union([z.string(), z.number(), z.boolean()]);
const columnSchema = z.strictObject({
  column: z.string().min(1),
  date: z.string().optional(),
  format: z.string().optional(),
  zone: z.string().optional(),
  timezone: z.string().optional(),
  decimal: z.enum([',', '.']).optional(),
  thousands: z.enum([',', '.', ' ', "'"]).optional(),
  sign: z.enum(SIGNS).optional(),
  convert: z.enum(CONVERTERS).optional(),
  /** Cells that count as empty beside the empty one. */
  empty: z.array(z.string()).optional(),
  /** Taken where the cell is empty. */
  default: constant.optional(),
});
const constSchema = z.union([z.strictObject({ const: constant }), z.strictObject({ value: constant })]);

/** A column's name, a constant, or an object that says how to read a column. */
export const valueSchema = z.union([constant, constSchema, columnSchema]).meta({
  wanted: `a column name, a constant, or {column: …} with ${Object.keys(columnSchema.shape).slice(1).join(', ')}`,
});
export type ValueSpec = z.infer<typeof valueSchema>;
export type ColumnSpec = z.infer<typeof columnSchema>;

const values = z.record(z.string().min(1), valueSchema);

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
  file: z
    .strictObject({
      format: z.string().optional(),
      delimiter: z.string().min(1).max(3).optional(),
      encoding: z.string().optional(),
    })
    .default({})
    .describe('where the file itself does not tell'),
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
