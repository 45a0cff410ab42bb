/** A string literal of ClickHouse: `it's` → `'it\'s'`. */
export function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** A name of ClickHouse in backticks. */
export function quoteName(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\b': '\\b',
  '\f': '\\f',
  '\0': '\\0',
  "'": "\\'",
};
const UNESCAPES: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  b: '\b',
  f: '\f',
  '0': '\0',
};

/**
 * A query parameter as `param_x` of ClickHouse's HTTP interface carries it: escaped as in TabSeparated.
 * @param value string, number, bigint, boolean, null, Date or an array of them
 */
export function formatParam(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  if (Array.isArray(value)) return `[${value.map(formatNested).join(',')}]`;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Date) return String(value.getTime() / 1000);
  return String(value).replace(/[\\\t\n\r\b\f\0]/g, (char) => ESCAPES[char] as string);
}

function formatNested(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return `'${value.replace(/[\\\t\n\r\b\f\0']/g, (char) => ESCAPES[char] as string)}'`;
  return formatParam(value);
}

/** The reverse for a text that came over HTTP: `a\tb` with a backslash → a, tab, b. @returns null for `\N` */
export function unescapeParam(text: string): string | null {
  if (text === '\\N') return null;
  return text.replace(/\\(.)/gs, (_, char: string) => UNESCAPES[char] ?? char);
}
