import { IDENTIFIER_TYPES, MOST_AMOUNT, type RecordKind } from '@kenal/contracts';
import { currencyOf, decimalOf } from '../event/money.ts';
import { textOf } from '../event/subject.ts';
import { type Outcome, refused } from '../fault.ts';
import type { JsonRecord } from '../json/inspect.ts';
import { RECORD_COLUMNS, type RecordColumnType } from './columns.ts';

/** Fields that say what a record is, not what it holds. */
export const ENVELOPE = ['kind', 'id', 'from', 'to', 'recorded_at'] as const;

const LONGEST_TEXT = 1024;
/** Fields of events, and the ways in which clients write identifiers. */
const PERSONAL: ReadonlySet<string> = new Set([
  ...IDENTIFIER_TYPES,
  ...['identifiers', 'traits', 'userId', 'anonymousId', 'externalIds', 'context'],
]);
const ENVELOPE_NAMES: ReadonlySet<string> = new Set(ENVELOPE);

/**
 * The fields of a record, cleaned: known columns in their one form (`"12.50"` for an amount), others as they came; null
 * and the empty text are no value.
 * @param currency of amounts that come without one
 * @param declared identifier types of the workspace beside the built-in ones
 * @returns faults `record_bad_field`, `record_missing_field`, `record_personal`
 */
export function readValues(
  record: JsonRecord,
  kind: RecordKind,
  currency: string,
  declared: readonly string[],
): Outcome<JsonRecord> {
  const { columns, required } = RECORD_COLUMNS[kind];
  const values: JsonRecord = {};
  for (const [name, value] of Object.entries(record)) {
    if (ENVELOPE_NAMES.has(name)) continue;
    if (isPersonal(name, declared)) return refused('record_personal', pathOf(name));
    if (isNothing(value)) continue;
    const type = Object.hasOwn(columns, name) ? columns[name] : undefined;
    const read = type === undefined ? value : READ[type](value);
    if (read === null) return refused('record_bad_field', pathOf(name), `expected ${EXPECTED[type ?? 'text']}`);
    values[name] = read;
  }
  const hasMoney = ['amount', 'budget', 'cost'].some((name) => values[name] !== undefined);
  if (hasMoney && Object.hasOwn(columns, 'currency') && currency !== '') values.currency ??= currency;
  const missing = required.find((name) => values[name] === undefined);
  return missing === undefined ? { ok: true, value: values } : refused('record_missing_field', pathOf(missing));
}

/** Whether a field of this name would say who somebody is. */
export function isPersonal(name: string, declared: readonly string[] = []): boolean {
  return PERSONAL.has(name) || declared.includes(name);
}

const READ: Readonly<Record<RecordColumnType, (value: unknown) => string | null>> = {
  text: (value) => {
    const text = textOf(value)?.trim() ?? '';
    return text === '' || text.length > LONGEST_TEXT ? null : text;
  },
  decimal: (value) => {
    const text = decimalOf(value);
    return text === null || Math.abs(Number(text)) > MOST_AMOUNT ? null : text;
  },
  currency: currencyOf,
};

const EXPECTED: Readonly<Record<RecordColumnType, string>> = {
  text: `text of at most ${LONGEST_TEXT} characters`,
  decimal: 'a number with a point and at most 6 decimals, within ±10¹⁵',
  currency: 'an ISO 4217 code of three letters',
};

/** Whether a field says nothing: `""` is what an empty cell of a file becomes. */
export function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function pathOf(name: string): string {
  return /^[A-Za-z_$][\w$]{0,63}$/.test(name) ? `$.${name}` : `$[${JSON.stringify(name.slice(0, 64))}]`;
}
