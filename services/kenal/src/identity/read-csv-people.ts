import { closeSync, openSync, readSync } from 'node:fs';
import { COLUMN_KINDS } from '@kenal/identity/linkage';
import { type ByteColumnBuilder, createByteColumn } from './byte-column.ts';
import { CSV_ENDS, type CsvRecord, createCsvRecord, readCsvRecord } from './csv-cells.ts';
import { doubleId, missingId, numberPeople, type People, type PeopleFile } from './people.ts';

const CHUNK = 8 * 1024 * 1024;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Read people from strict CSV in UTF-8, ten times as fast as by strings: a million rows are to be read in seconds.
 * @param header the file's columns
 * @returns null where a quote stands as RFC 4180 does not allow, for a reader that is liberal about them
 * @throws UsageError: an id that is double or missing
 */
export function readCsvPeople(file: PeopleFile, header: readonly string[], delimiter: number): People | null {
  const table = createTable(file, header);
  const record = createCsvRecord(header.length);
  const handle = openSync(file.path, 'r');
  try {
    let [rest, read, line] = [new Uint8Array(0), 0, 1];
    let isHeader = true;
    for (let isLast = false; !isLast; ) {
      const bytes = Buffer.allocUnsafe(rest.length + CHUNK);
      bytes.set(rest);
      const got = readSync(handle, bytes, rest.length, CHUNK, null);
      isLast = got === 0;
      const held = bytes.subarray(0, rest.length + got);
      let at = read === 0 && BYTE_ORDER_MARK.every((byte, i) => held[i] === byte) ? BYTE_ORDER_MARK.length : 0;
      read += got;
      while (at < held.length) {
        const next = readCsvRecord(held, at, delimiter, isLast, record);
        if (next === CSV_ENDS.irregular) return null;
        if (next === CSV_ENDS.incomplete) break;
        if (!record.isEmpty && isHeader) isHeader = false;
        else if (!record.isEmpty) table.add(record, line);
        line += record.lines;
        at = next;
      }
      rest = held.subarray(Math.min(at, held.length));
      file.onProgress(read, table.size());
    }
    return table.build();
  } finally {
    closeSync(handle);
  }
}

function createTable({ path, mapping, columns }: PeopleFile, header: readonly string[]) {
  const open = (column: string) => ({ at: header.indexOf(column), cells: createByteColumn() });
  const ids = open(mapping.id);
  const truth = mapping.truth ? open(mapping.truth) : null;
  const own = columns.map(({ column }) => open(column));
  const broken = { count: 0, first: '' };
  const lines: number[] = [];
  const take = ({ at, cells }: { at: number; cells: ByteColumnBuilder }, record: CsvRecord): number => {
    const code = cells.codeOf(record.bytes[at]!, record.from[at]!, record.to[at]!);
    cells.add(code);
    return code;
  };
  const built = ({ cells }: { cells: ByteColumnBuilder }) => cells.build('', COLUMN_KINDS.other);
  return {
    size: () => lines.length,
    add(record: CsvRecord, line: number): void {
      if (record.width !== header.length) {
        broken.count += 1;
        if (broken.count === 1)
          broken.first = `line ${line}: the row has ${record.width} cells, the header has ${header.length}`;
        return;
      }
      const id = take(ids, record);
      if (id < 0) throw missingId(path, line);
      if (id < lines.length) throw doubleId(path, built(ids).text(id), lines[id]!, line);
      lines.push(line);
      if (truth !== null) take(truth, record);
      for (const column of own) take(column, record);
    },
    build(): People {
      const { text } = built(ids);
      return {
        ids: lines.map((_, code) => text(code)),
        truth: truth === null ? null : numberPeople(built(truth).codes),
        columns: own.map(({ cells }, i) => cells.build(columns[i]!.name, columns[i]!.kind)),
        broken,
      };
    },
  };
}
