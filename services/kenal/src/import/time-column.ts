import {
  createFormatReader,
  createOrderReader,
  type DateOrder,
  type DateReader,
  detectOrder,
  quote,
  textOf,
} from '@kenal/collector-commerce/mapping';
import type { Zone } from '@kenal/collector-kit';
import { UsageError } from '../cli/usage-error.ts';
import { type Cell, type CellReader, type CellReaders, zoneNamed } from './cell.ts';
import type { ColumnSpec, ValueSpec } from './mapping-file.ts';
import type { RowSource } from './rows.ts';

/** How whoever reads a message says what form a column's dates have. */
export type AdviseForm = (column: string, form: string) => string;

const inMapping: AdviseForm = (column, form) => `{column: ${column}, date: '${form}'}`;
/** For commands that take the form as an option. */
export const asOption: AdviseForm = (_column, form) => `--date-format ${form.includes(' ') ? `'${form}'` : form}`;

/** How many rows are looked at to find out whether days or months come first. */
const LOOK_AHEAD_ROWS = 50_000;

/**
 * Reads when a row happened (microseconds). The form is the one that the mapping names, else what the column itself shows.
 * @param name of the key in the mapping
 * @throws UsageError where the column's form is unknown or could be read in two ways: it names a sample and what to write
 */
export async function createTimeReader(
  spec: ValueSpec,
  readers: CellReaders,
  source: RowSource,
  zone: Zone,
  mappingPath: string,
  name = 'time',
  advise: AdviseForm = inMapping,
): Promise<CellReader<number>> {
  const where = `${mappingPath}: ${name}`;
  const column = readers.column(spec, name, false);
  if (column === null) throw new UsageError(`${where} must name a column`);
  const own = zoneNamed(column.zone ?? column.timezone, zone, where);
  const format = column.date ?? column.format;
  const bare: ColumnSpec = { column: column.column, ...(column.empty === undefined ? {} : { empty: column.empty }) };
  const text = readers.text(bare, name, false);
  const read: DateReader =
    format === undefined
      ? createOrderReader(await decideOrder(source, text, where, column.column, advise), own)
      : createFormatReader(format, own);
  const form = format ?? 'the others in this column';
  return (row): Cell<number> => {
    const cell = text(row);
    if (!cell.ok) return cell;
    if (cell.value === null) return { ok: false, column: column.column, reason: 'the time is empty' };
    const value = read(cell.value);
    if (value !== null) return { ok: true, value };
    return {
      ok: false,
      column: column.column,
      reason: `${quote(cell.value)} is not a time like ${form}, from 1829 to 2253`,
    };
  };
}

async function decideOrder(
  source: RowSource,
  text: CellReader<string>,
  where: string,
  column: string,
  advise: AdviseForm,
): Promise<DateOrder> {
  let seen = 0;
  let sample: string | null = null;
  for await (const group of source.rows()) {
    for (const read of group) {
      seen++;
      if (!read.ok) continue;
      const cell = text(read.row);
      if (!cell.ok || cell.value === null) continue;
      const order = detectOrder(textOf(cell.value));
      sample ??= cell.value;
      if (order === null) {
        throw new UsageError(
          `${where}: ${quote(cell.value)} in column ${column} (line ${read.row.line}) has no form that is known; write ${advise(column, 'dd.MM.yyyy HH:mm')} with the form that it has`,
        );
      }
      if (order !== 'ambiguous') return order;
    }
    if (seen >= LOOK_AHEAD_ROWS) break;
  }
  if (sample === null) return 'iso'; // nothing to read at all
  throw new UsageError(
    `${where}: ${quote(sample)} in column ${column} may have the day or the month first; write ${advise(column, formLike(sample, 'd', 'M'))} or ${advise(column, formLike(sample, 'M', 'd'))}`,
  );
}

/** `03/04/2011 9:15` → `d/M/yyyy H:mm`: the form of a text of numbers, day or month first. */
function formLike(sample: string, first: string, second: string): string {
  const [, sign = '/', year = ''] = /^\d+(\D)\d+\D(\d+)/.exec(sample) ?? [];
  const time = /(\d{1,2}:\d{2})(:\d{2})?(\s*[ap]m)?/i.exec(sample);
  const day = `${first}${sign}${second}${sign}${year.length === 2 ? 'yy' : 'yyyy'}`;
  if (time === null) return day;
  const [, , seconds, half] = time;
  return `${day} ${half === undefined ? 'H' : 'h'}:mm${seconds === undefined ? '' : ':ss'}${half === undefined ? '' : ' a'}`;
}
