import { readFileSync } from 'node:fs';
import { checkYaml, listFaults } from '@kenal/service-kit';
import { z } from 'zod';
import { UsageError } from '../cli/usage-error.ts';

const column = z.string().min(1);
const columns = z.record(z.string().min(1), z.union([column, z.array(column).min(1)]).nullable()).default({});

/** The mapping of `kenal identity evaluate`: what the columns of a table of people are. Unknown keys are refused. */
const peopleMappingSchema = z.strictObject({
  id: column.describe('the column that names the record'),
  truth: column.nullish().describe('the column that says who the person is; used for the figures alone'),
  source: column
    .nullish()
    .describe('the column that says where the record comes from; records of one source may be one person'),
  identifiers: columns.describe('type → column: email, phone, passport …'),
  traits: columns.describe('name → column: given_name, family_name, full_name, birth_date, street, city, postcode …'),
  other: z.array(column).nullish().describe('columns of which nothing is known'),
});
export type PeopleMapping = z.infer<typeof peopleMappingSchema>;

/** @throws UsageError that names each key at fault, and the legal ones */
export function readPeopleMapping(path: string): PeopleMapping {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(
      `there is no mapping file ${path}; services/kenal/README.md, "identity evaluate", tells what it holds`,
    );
  }
  const checked = checkYaml(peopleMappingSchema, text);
  if (checked.ok) return checked.value;
  throw new UsageError(listFaults(path, checked));
}
