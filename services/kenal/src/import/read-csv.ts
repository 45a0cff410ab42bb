import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { UsageError } from '../cli/usage-error.ts';
import type { FileText } from './file-text.ts';
import type { ReadRow, Row, RowSource } from './rows.ts';

const DELIMITERS = [',', ';', '\t', '|'];
const GROUP = 1_000;
/** Parts cells for the row's identity; cells hold it only in files that hold it raw. */
const UNIT = '\u001f';

/**
 * Comma-separated text (RFC 4180, liberal about quotes inside a cell). The first line names the columns.
 * @param delimiter asked for; without it the first lines decide
 */
export async function readCsv(text: FileText, delimiter?: string): Promise<RowSource> {
  const head = await firstText(text);
  const sign = delimiter ?? detectDelimiter(head);
  const columns = await header(head, sign, text.path);
  const positions = new Map(columns.map((name, index) => [name, index]));
  return {
    format: 'csv',
    columns,
    cell: (column) => {
      const at = positions.get(column);
      return at === undefined ? null : (row) => (row.cells as readonly string[])[at];
    },
    rows: async function* (onBytes) {
      yield* records(text, sign, columns.length, onBytes);
    },
  };
}

interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

async function* records(
  text: FileText,
  delimiter: string,
  width: number,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<readonly ReadRow[]> {
  let group: ReadRow[] = [];
  const skip = (error: CsvError | undefined): undefined => {
    const line = Number(error?.lines ?? 0);
    group.push({ ok: false, broken: { line, reason: error?.message ?? 'the row cannot be read' } });
  };
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: skip,
    max_record_size: 1_048_576,
  });
  const source = Readable.from(text.read(onBytes), { objectMode: true });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let first = true;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (first) {
        first = false; // the header
        continue;
      }
      group.push(rowOf(record, info.lines, width));
      if (group.length >= GROUP) {
        yield group;
        group = [];
      }
    }
  } finally {
    source.destroy();
  }
  if (group.length > 0) yield group;
}

function rowOf(cells: string[], line: number, width: number): ReadRow {
  if (cells.length !== width) {
    const reason = `the row has ${cells.length} cells, the header has ${width}`;
    return { ok: false, broken: { line, reason } };
  }
  const row: Row = { line, cells, identity: cells.join(UNIT) };
  return { ok: true, row };
}

async function header(head: string, delimiter: string, path: string): Promise<string[]> {
  const parser = parse(head, {
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    to: 1,
    skip_empty_lines: true,
  });
  for await (const record of parser as AsyncIterable<string[]>) {
    const names = record.map((name) => name.trim());
    const double = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
    if (double !== undefined) throw new UsageError(`${path}: two columns are called ${double}; rename one`);
    return names;
  }
  throw new UsageError(`${path} is empty; its first line must name the columns`);
}

/** The sign that the first lines hold most often, and equally often. */
export function detectDelimiter(head: string): string {
  const lines = head.split(/\r?\n/, 12).slice(0, -1).filter(Boolean);
  if (lines.length === 0) lines.push(head);
  const score = (sign: string): number => {
    const counts = lines.map((line) => line.replace(/"(?:[^"]|"")*"/g, '').split(sign).length - 1);
    const inHeader = counts[0] ?? 0;
    return inHeader === 0 ? 0 : inHeader * counts.filter((count) => count === inHeader).length;
  };
  return DELIMITERS.reduce((best, sign) => (score(sign) > score(best) ? sign : best), ',');
}

async function firstText(text: FileText): Promise<string> {
  let head = '';
  for await (const piece of text.read()) {
    head += piece;
    if (head.length > 65_536) break;
  }
  return head;
}
