import { createQuotes } from './csv-quotes.ts';
import type { FileText } from './file-text.ts';
import type { BrokenRow } from './rows.ts';

/** Characters of a record that is still read. */
const LONGEST_RECORD = 1_048_576;
const CHUNK = 65_536;

export interface CsvRecordsOptions {
  readonly delimiter: string;
  /** '\n', which '\r' may precede, or '\r'. */
  readonly lineEnd: string;
  readonly onBroken: (row: BrokenRow) => void;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * The text again without the records that nobody can read: those that are too long, and lines whose quote is never closed.
 * Empty lines stand in their place, so that line numbers stay right. Holds one record in memory at most.
 */
export async function* readableRecords(text: FileText, options: CsvRecordsOptions): AsyncGenerator<string> {
  const unclosedFrom = yield* pass(text, options, null);
  // No single quote follows it, or that would have ended its quoting: each line after it is a record of its own
  if (unclosedFrom !== null) yield* pass(text, options, unclosedFrom);
}

/**
 * @param singleFrom null: from the start; else from that line on, each line a record
 * @returns the line where a quote is opened that is never closed; null where all are
 */
async function* pass(
  text: FileText,
  { delimiter, lineEnd, onBroken, onBytes }: CsvRecordsOptions,
  singleFrom: number | null,
): AsyncGenerator<string, number | null> {
  const quotes = createQuotes(delimiter);
  let [line, first, size] = [1, 1, 0];
  let record: string[] = [];
  let ready = '';
  const take = (fragment: string): void => {
    if (line < (singleFrom ?? 1)) return;
    quotes.take(fragment);
    size += fragment.length;
    if (size > LONGEST_RECORD) record = [];
    else record.push(fragment);
  };
  const end = (reason: string | null): void => {
    quotes.reset();
    if (reason !== null) onBroken({ line: first, reason });
    ready += reason === null ? record.join('') + lineEnd : lineEnd.repeat(line - first + 1);
    [first, size, record] = [line + 1, 0, []];
  };
  const torn = (): string | null =>
    quotes.torn
      ? `a quote is opened in this line and not closed before line ${line}; the lines to there are left out`
      : null;
  const endLine = (): void => {
    if (line < (singleFrom ?? 1)) first = line + 1;
    else {
      const goesOn = quotes.endLine();
      if (goesOn && singleFrom === null) take(lineEnd);
      else end(goesOn ? UNCLOSED : (tooLong(size) ?? torn()));
    }
    line += 1;
  };
  for await (const piece of text.read(singleFrom === null ? onBytes : undefined)) {
    let from = 0;
    for (let at = piece.indexOf(lineEnd); at !== -1; at = piece.indexOf(lineEnd, from)) {
      take(piece.slice(from, at));
      endLine();
      from = at + lineEnd.length;
    }
    take(piece.slice(from));
    if (ready.length > CHUNK) {
      yield ready;
      ready = '';
    }
  }
  const unclosed = size > 0 && quotes.endLine();
  if (size > 0 && (!unclosed || singleFrom !== null)) end(unclosed ? UNCLOSED : (tooLong(size) ?? torn()));
  yield ready;
  return unclosed && singleFrom === null ? first : null;
}

const UNCLOSED = 'a quote is opened in this line and never closed';

function tooLong(size: number): string | null {
  return size > LONGEST_RECORD ? `the row is longer than ${LONGEST_RECORD} characters` : null;
}
