import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { readableRecords } from '../import/csv-records.ts';
import { openFileText } from '../import/file-text.ts';
import { DELIMITERS } from '../import/read-csv.ts';
import { createLeftOut, type RowsLeftOut } from './rows-left-out.ts';

/**
 * Read a file that has a basket a line, its items beside each other, and no line that names columns (.gz too). Items are
 * trimmed, one by one: a blank at the end of a line may be an item's as well as one between two delimiters.
 * @param delimiter asked for; without it the one that most of the first lines have
 * @param take told the items of a line, at least one
 */
export async function readWide(
  path: string,
  delimiter: string | undefined,
  take: (items: readonly string[]) => void,
): Promise<RowsLeftOut> {
  const text = await openFileText(path);
  let head = '';
  for await (const piece of text.read()) {
    head += piece;
    if (head.length > 65_536) break;
  }
  const sign = delimiter ?? delimiterOf(head);
  const lineEnd = !head.includes('\n') && head.includes('\r') ? '\r' : '\n';
  const leftOut = createLeftOut();
  let rows = 0;
  const readable = readableRecords(text, {
    ...{ delimiter: sign, lineEnd },
    onBroken: ({ line, reason }) => {
      rows += 1;
      leftOut.unreadable(line, reason);
    },
  });
  const format = { delimiter: sign, record_delimiter: lineEnd === '\n' ? ['\r\n', '\n'] : [lineEnd] };
  const parser = parse({ ...format, relax_column_count: true, relax_quotes: true, skip_empty_lines: true });
  const source = Readable.from(readable, { objectMode: true });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      rows += 1;
      const items = cells.map((cell) => cell.trim()).filter((item) => item !== '');
      if (items.length > 0) take(items);
      else leftOut.add('without an item');
    }
  } finally {
    source.destroy();
  }
  return leftOut.tell(rows);
}

function delimiterOf(head: string): string {
  const lines = head.split(/\r?\n/).slice(0, -1);
  const score = (sign: string): number => lines.filter((line) => line.includes(sign)).length;
  return DELIMITERS.reduce((best, sign) => (score(sign) > score(best) ? sign : best), ',');
}
