import type { LinkageRole } from '@kenal/contracts';
import type { ColumnKind } from '../table.ts';
import { parseDate } from './dates.ts';

/** By the name of the column, the first that fits; names are lower case with `_` between words. */
const BY_NAME: readonly (readonly [RegExp, LinkageRole])[] = [
  [/(^|_)(first|given)_?(name)?_?and_?(sur|last|family)_?name/, 'full'],
  [/(^|_)e_?mail/, 'email'],
  [/(^|_)(web|web_?site|url|home_?page)(_|$)/, 'text'],
  [/(^|_)(phone|mobile|tel|telephone|cell|msisdn|fax|landline)(_|$|number|no)/, 'phone'],
  [/^(given|first|fore|christian)_?names?$|(^|_)name_(first|given)$|^fname$|(^|_)(given|first|fore)_?name$/, 'given'],
  [/^(family|last|sur)_?names?$|(^|_)name_(last|family)$|^lname$|(^|_)(family|last|sur)_?name$/, 'family'],
  [/(^|_)middle(_?names?)?$|(^|_)name_middle$/, 'middle'],
  [/(^|_)(suffix|generation)$/, 'suffix'],
  [/(^|_)(full|person|customer|client|display|contact)_?name|^names?$|(^|_)name_full$/, 'full'],
  [/(^|_)(company|organi[sz]ation|org|business|legal)(_?name)?$|(^|_)name_(org|organi[sz]ation)$/, 'organisation'],
  [/^(birth_?date|date_?of_?birth|dob|birthday|born)$|(^|_)(dob|date_of_birth|birth_date)$/, 'birthDate'],
  [/post_?(al)?_?code|(^|_)zip(_?code)?$|^plz$|(^|_)postal$/, 'postcode'],
  [/(street|house|building)_?(number|no|nr|num)$/, 'number'],
  [/(^|_)(street|address|addr|road)(_?(line|full|name))?_?\d*$/, 'street'],
  [/(^|_)(city|town|suburb|locality|village|place)$|birth_?place|place_?of_?birth/, 'place'],
  [/(^|_)(state|country|county|province|region|gender|sex|occupation|nationality|language|type|status)$/, 'category'],
];

/** A column as far as is needed to tell what it holds. */
export interface SampledColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Some of its distinct values. */
  readonly values: readonly string[];
}

/** Share of the distinct values that must have a shape. */
const MOST = 0.8;
/** Values of a category at most; half of a few records may not have one of their own each. */
const FEW = 30;

/**
 * @param distinct how many values it has in truth
 * @param filled records that have a value
 */
export function recognise(column: SampledColumn, distinct: number, filled: number): LinkageRole {
  const name = column.name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  // The mapping numbers the further columns of one kind: `given_name_2`
  const first = name.replace(/_\d+$/, '');
  const named = BY_NAME.find(([pattern]) => pattern.test(name) || pattern.test(first))?.[1];
  if (named !== undefined) return named;
  const sample = column.values;
  const share = (test: (value: string) => boolean): number => sample.filter(test).length / Math.max(1, sample.length);
  if (share((value) => /^[^\s@]+@[^\s@]+$/.test(value)) > MOST) return 'email';
  if (share((value) => !/^\d+$/.test(value) && parseDate(value, true) !== null) > MOST) return 'date';
  if (column.kind === 'identifier') return 'code';
  const spread = distinct / Math.max(1, filled);
  if (share((value) => /\d/.test(value) && value.trim().length >= 4) > MOST) return spread > 0.2 ? 'code' : 'text';
  return (distinct <= FEW && (spread < 0.5 || distinct < 4)) || spread < 0.002 ? 'category' : 'text';
}
