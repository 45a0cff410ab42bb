import { UsageError } from '../cli/usage-error.ts';
import type { FileText } from './file-text.ts';
import { readCsv } from './read-csv.ts';
import { readJsonArray, readNdjson } from './read-json.ts';
import { FILE_FORMATS, type FileFormat, type RowSource } from './rows.ts';

/** What a mapping may say about the file itself. */
export interface FileHints {
  readonly format?: string | undefined;
  readonly delimiter?: string | undefined;
}

/** Find out what kind of file it is, by its name, else by how it begins, and open it. */
export async function openRows(text: FileText, hints: FileHints): Promise<RowSource> {
  switch (hints.format === undefined ? await detectFormat(text) : formatNamed(hints.format)) {
    case 'ndjson':
      return readNdjson(text);
    case 'json':
      return readJsonArray(text);
    default:
      return readCsv(text, hints.delimiter === '\\t' || hints.delimiter === 'tab' ? '\t' : hints.delimiter);
  }
}

function formatNamed(name: string): FileFormat {
  const known = name.toLowerCase() === 'jsonl' ? 'ndjson' : name.toLowerCase() === 'tsv' ? 'csv' : name.toLowerCase();
  if (!(FILE_FORMATS as readonly string[]).includes(known))
    throw new UsageError(`the file format ${name} is unknown; there are ${FILE_FORMATS.join(', ')}`);
  return known as FileFormat;
}

async function detectFormat(text: FileText): Promise<FileFormat> {
  const name = text.path.toLowerCase().replace(/\.gz$/, '');
  if (/\.(csv|tsv|txt)$/.test(name)) return 'csv';
  if (/\.(ndjson|jsonl)$/.test(name)) return 'ndjson';
  let head = '';
  for await (const piece of text.read()) {
    head = (head + piece).trimStart();
    if (head.length > 0) break;
  }
  if (head.startsWith('[')) return 'json';
  return head.startsWith('{') ? 'ndjson' : 'csv';
}
