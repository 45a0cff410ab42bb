import { readFileSync } from 'node:fs';
import { isPersonal } from '@kenal/collector-kit';
import { checkYaml, listFaults } from '@kenal/service-kit';
import { z } from 'zod';
import { UsageError } from '../../cli/usage-error.ts';
import { fileHints, valueSchema } from '../mapping-file.ts';

/** The mapping file of `kenal import --kind`. Unknown keys, those of events among them, are refused. */
export const recordMappingSchema = z.strictObject({
  source: z.string().optional().describe('id of the source that the records come from; `--source` wins'),
  zone: z.string().optional().describe('time zone of times without one; default: the workspace’s'),
  file: fileHints,
  id: valueSchema.optional().describe('id within its kind; default: made of its parts (price, cost, stock)'),
  from: valueSchema.optional().describe('from when it holds; default: from ever'),
  to: valueSchema.optional().describe('until when, a day to its end; default: until the next record of this id begins'),
  recorded_at: valueSchema.optional().describe('when it became known; default: when it arrives'),
  fields: z.record(z.string().min(1), valueSchema).describe('what it holds: name, item_id, amount …'),
});
export type RecordMapping = z.infer<typeof recordMappingSchema>;

/** @throws UsageError that names each key at fault */
export function readRecordMapping(path: string): RecordMapping {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`there is no mapping file ${path}; services/kenal/examples holds some to start from`);
  }
  const checked = checkYaml(recordMappingSchema, text);
  if (!checked.ok) throw new UsageError(listFaults(path, checked));
  refusePersonal(Object.keys(checked.value.fields), `${path}: fields`);
  return checked.value;
}

/** @throws UsageError where a field names a person: records are kept for ever */
export function refusePersonal(names: readonly string[], where: string): void {
  const personal = names.filter((name) => isPersonal(name));
  if (personal.length > 0)
    throw new UsageError(
      `${where}: ${personal.join(', ')} would name a person, which no record may: no erasure reaches them. Leave it out (a --map says what to take), or import it as events, without --kind`,
    );
}
