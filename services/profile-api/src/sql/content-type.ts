const JSON_UTF8 = 'application/json; charset=UTF-8';
const LINES = 'application/x-ndjson; charset=UTF-8';
const TSV = 'text/tab-separated-values; charset=UTF-8';
const CSV = 'text/csv; charset=UTF-8; header=';
const TEXT = 'text/plain; charset=UTF-8';

const EXACT: Readonly<Record<string, string>> = {
  XML: 'application/xml; charset=UTF-8',
  Markdown: 'text/markdown; charset=UTF-8',
  PNG: 'image/png',
};
const BINARY = [
  'Native',
  'RowBinary',
  'Parquet',
  'Arrow',
  'ORC',
  'Avro',
  'MsgPack',
  'BSON',
  'Npy',
  'Protobuf',
  'CapnProto',
  'Buffers',
];

/** The content type that ClickHouse gives an output format; every other one is text. */
export function contentTypeOf(format: string): string {
  const exact = EXACT[format];
  if (exact !== undefined) return exact;
  if (format.includes('EachRow') || format === 'JSONLines' || format === 'NDJSON') return LINES;
  if (format.startsWith('JSON')) return JSON_UTF8;
  if (format.startsWith('TabSeparated') || format.startsWith('TSV') || format.startsWith('Raw')) return TSV;
  if (format.startsWith('CSV')) return `${CSV}${format.includes('WithNames') ? 'present' : 'absent'}`;
  return BINARY.some((name) => format.startsWith(name)) ? 'application/octet-stream' : TEXT;
}
