import { type ExportConfig, PLAIN_FIELDS, PROFILES } from './export-config.ts';

type Wanted = Pick<ExportConfig, 'what' | 'sql' | 'fields'>;

const WHOLE = [
  'profile_id',
  'toJSONString(identifiers) AS identifiers',
  'traits',
  'computed',
  'toJSONString(consent) AS consent',
  ...PLAIN_FIELDS,
];

/** The SELECT that gives the rows of an export; without a FORMAT clause. */
export function exportStatement({ what, sql, fields }: Wanted): string {
  if (sql !== undefined) return sql.trim().replace(/[;\s]+$/, '');
  if (what !== PROFILES) return `SELECT * FROM ${what}`;
  const columns = fields === undefined ? WHOLE : ['profile_id', ...fields.map(columnOf)];
  return `SELECT ${columns.join(', ')} FROM profiles`;
}

/** `traits.email` → its text, '' where there is none; what is no text stands as JSON. */
function columnOf(field: string): string {
  if ((PLAIN_FIELDS as readonly string[]).includes(field)) return field;
  const dot = field.indexOf('.');
  const part = field.slice(0, dot);
  return `${textOf(part, quoted(field.slice(dot + 1), "'"))} AS ${quoted(field, '`')}`;
}

function textOf(part: string, key: string): string {
  if (part === 'identifiers') return `arrayFirst(one -> one.type = ${key}, identifiers).value`;
  if (part === 'consent') return `if(mapContains(consent, ${key}), toString(consent[${key}]), '')`;
  return `if(JSONType(${part}, ${key}) = 'String', JSONExtractString(${part}, ${key}), JSONExtractRaw(${part}, ${key}))`;
}

function quoted(text: string, quote: string): string {
  return quote + text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote;
}
