import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { UsageError } from '../cli/usage-error.ts';
import { readableRecords } from './csv-records.ts';
import type { FileText } from './file-text.ts';
import type { BrokenRow, ReadRow, Row, RowSource } from './rows.ts';

export const DELIMITERS = [',', ';', '\t', '|'];
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
  const lineEnd = !head.includes('\n') && head.includes('\r') ? '\r' : '\n';
  const positions = new Map(columns.map((name, index) => [name, index]));
  return {
    format: 'csv',
    columns,
    cell: (column) => {
      const at = positions.get(column);
      return at === undefined ? null : (row) => (row.cells as readonly string[])[at];
    },
    rows: async function* (onBytes) {
      yield* records(text, { delimiter: sign, lineEnd, width: columns.length }, onBytes);
    },
  };
}

interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

interface Format {
  readonly delimiter: string;
  readonly lineEnd: string;
  /** Cells of a row. */
  readonly width: number;
}

async function* records(
  text: FileText,
  { delimiter, lineEnd, width }: Format,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<readonly ReadRow[]> {
  let group: ReadRow[] = [];
  const broken: BrokenRow[] = [];
  /** Broken rows are known before the rows around them are parsed. */
  const pushBrokenBefore = (line: number): void => {
    while (broken[0] !== undefined && broken[0].line < line) group.push({ ok: false, broken: broken.shift()! });
  };
  const parser = parse({
    delimiter,
    record_delimiter: lineEnd === '\n' ? ['\r\n', '\n'] : [lineEnd],
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  const readable = readableRecords(text, { delimiter, lineEnd, onBytes, onBroken: (row) => broken.push(row) });
  const source = Readable.from(readable, { objectMode: true });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let first = true;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (first) {
        const [before] = broken;
        if (before !== undefined && before.line < info.lines)
          throw new UsageError(`${text.path}, line ${before.line}: ${before.reason}; this line must name the columns`);
        first = false; // the header
        continue;
      }
      pushBrokenBefore(info.lines);
      group.push(rowOf(record, info.lines, width));
      if (group.length >= GROUP) {
        yield group;
        group = [];
      }
    }
  } finally {
    source.destroy();
  }
  pushBrokenBefore(Number.POSITIVE_INFINITY);
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
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      const names = record.map((name) => name.trim());
      const double = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
      if (double !== undefined) throw new UsageError(`${path}: two columns are called ${double}; rename one`);
      return names;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UsageError(`${path}: the first line, which must name the columns, cannot be read (${error.message})`);
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
