/** An insert whose rows follow as bytes. */
export interface InsertTarget {
  readonly table: string;
  readonly columns: readonly string[] | null;
  readonly format: RowFormat;
}

/** The one of {@link ROW_FORMATS} that is not text. */
export const BINARY_FORMAT = 'RowBinaryWithNamesAndTypes';

/** Row formats that the engine takes as bytes, never through a JS string. */
const ROW_FORMATS = [
  BINARY_FORMAT,
  'JSONEachRow',
  'JSONCompactEachRow',
  'CSV',
  'CSVWithNames',
  'TSV',
  'TabSeparated',
  'TSVWithNames',
  'TabSeparatedWithNames',
] as const;
type RowFormat = (typeof ROW_FORMATS)[number];

const NAME = '(?:`[A-Za-z_]\\w*`|"[A-Za-z_]\\w*"|[A-Za-z_]\\w*)';
// INSERT INTO kenal.x (a, `b`) FORMAT JSONEachRow
const PLAIN = new RegExp(
  `^\\s*INSERT\\s+INTO\\s+(?:TABLE\\s+)?(${NAME}(?:\\.${NAME})?)\\s*(?:\\(((?:\\s*${NAME}\\s*,?)*)\\))?\\s+FORMAT\\s+(\\w+)\\s*;?\\s*$`,
  'i',
);

/** Read the plain form of an insert statement. @returns null for any other form or format: it goes to the engine as text */
export function parseInsert(sql: string): InsertTarget | null {
  const match = PLAIN.exec(sql);
  if (match === null) return null;
  const format = ROW_FORMATS.find((name) => name.toLowerCase() === match[3]?.toLowerCase());
  if (format === undefined) return null;
  const columns = match[2]
    ?.split(',')
    .map((name) => unquote(name.trim()))
    .filter((name) => name !== '');
  return {
    table: (match[1] as string).split('.').map(unquote).join('.'),
    columns: columns?.length ? columns : null,
    format,
  };
}

function unquote(name: string): string {
  return name.replace(/^[`"]|[`"]$/g, '');
}
