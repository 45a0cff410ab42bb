import { closeSync, openSync, readSync } from 'node:fs';
import { CSV_ENDS, type CsvRecord, createCsvRecord, readCsvRecord } from './csv-cells.ts';

/** A file of strict CSV in UTF-8. */
export interface CsvFile {
  readonly path: string;
  /** Byte between cells. */
  readonly delimiter: number;
  /** Cells of its header. */
  readonly width: number;
}

const CHUNK = 8 * 1024 * 1024;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Read the records of a file, its header and empty lines left out.
 * @param take told each record, which is overwritten by the next, and the line where it begins
 * @param onProgress told how many bytes have been read
 * @returns false where a quote stands as RFC 4180 does not allow, for a reader that is liberal about them
 */
export function readCsvRecords(
  { path, delimiter, width }: CsvFile,
  take: (record: CsvRecord, line: number) => void,
  onProgress: (bytes: number) => void,
): boolean {
  const record = createCsvRecord(width);
  const handle = openSync(path, 'r');
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
        if (next === CSV_ENDS.irregular) return false;
        if (next === CSV_ENDS.incomplete) break;
        if (!record.isEmpty && isHeader) isHeader = false;
        else if (!record.isEmpty) take(record, line);
        line += record.lines;
        at = next;
      }
      rest = held.subarray(Math.min(at, held.length));
      onProgress(read);
    }
    return true;
  } finally {
    closeSync(handle);
  }
}
