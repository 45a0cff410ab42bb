import { RECORD_COLUMNS, type RecordColumnType } from '@kenal/collector-kit';
import { RECORD_KINDS, type RecordKind } from '@kenal/contracts';
import { z } from 'zod';

const scalar = z.union([z.string(), z.number()]).nullable().optional();
const time = scalar.describe('ISO 8601, or a number since 1970');

const COLUMN: Readonly<Record<RecordColumnType, z.ZodType>> = {
  text: scalar,
  decimal: scalar.describe('exact, with at most 6 decimals, within ±10¹⁵; text where a JSON number would round it'),
  currency: scalar.describe('ISO 4217; default: the workspace’s'),
};

/** What is needed is said in words: currency, say, only where the workspace has none. */
function recordOf(kind: RecordKind) {
  const { columns, required, id } = RECORD_COLUMNS[kind];
  const known = Object.entries(columns).map(([name, type]) => [name, COLUMN[type]]);
  const own = id.length === 0 ? 'needed' : `default: made of ${id.join(', ')}`;
  return z
    .looseObject({
      kind: z.literal(kind),
      id: scalar.describe(own),
      from: time.describe('from when it holds; default: from ever'),
      to: time.describe(
        'until when: a day (`2026-12-31`) to its end, in UTC, a time up to that moment; default: until the next record of this id begins',
      ),
      recorded_at: time.describe('when it became known; the last word on one id and from holds; default: now'),
      ...Object.fromEntries(known),
    })
    .describe(`needs ${['kind', ...(id.length === 0 ? ['id'] : []), ...required].join(', ')}; other fields are kept`)
    .meta({ id: `${kind[0]?.toUpperCase()}${kind.slice(1)}Record` });
}

export const recordsSchema = z
  .looseObject({
    records: z.array(z.union(RECORD_KINDS.map(recordOf))).describe('1 to 2,500; each is judged alone'),
    writeKey: z.string().optional().describe('the write key, where it stands in no header'),
  })
  .meta({ id: 'Records' });
