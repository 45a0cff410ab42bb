/** The cells of one record of CSV: where each lies. */
export interface CsvRecord {
  /** Cells that the record has, which may be more than are told of. */
  width: number;
  /** By cell: the array that holds it, and from where to where, without blanks around. */
  readonly bytes: Uint8Array[];
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Lines that it takes. */
  lines: number;
  /** Whether it is an empty line. */
  isEmpty: boolean;
}

/** What reading a record came to, in place of where the next begins. */
export const CSV_ENDS = {
  /** The bytes end before the record does. */
  incomplete: -1,
  /** Quotes as RFC 4180 does not know them: for the reader that is liberal about them. */
  irregular: -2,
} as const;

const [LINE_FEED, RETURN, QUOTE, BLANK] = [10, 13, 34, 32];

export function createCsvRecord(width: number): CsvRecord {
  return {
    ...{ width: 0, lines: 0, isEmpty: false },
    bytes: Array.from({ length: width }, () => NONE),
    from: new Int32Array(width),
    to: new Int32Array(width),
  };
}
const NONE = new Uint8Array(0);

/**
 * Read one record of strict CSV (RFC 4180) from `bytes`.
 * @param isLast whether the file ends with these bytes
 * @returns where the next one begins, or one of `CSV_ENDS`
 */
export function readCsvRecord(
  bytes: Uint8Array,
  start: number,
  delimiter: number,
  isLast: boolean,
  record: CsvRecord,
): number {
  const end = bytes.length;
  let [at, cell] = [start, 0];
  record.lines = 1;
  for (;;) {
    const from = at;
    if (at < end && bytes[at] === QUOTE) at = readQuoted(bytes, at, cell, record);
    else {
      while (at < end) {
        const byte = bytes[at]!;
        if (byte === delimiter || byte === LINE_FEED) break;
        if (byte === QUOTE) return CSV_ENDS.irregular;
        at += 1;
      }
      put(record, cell, bytes, from, at);
    }
    if (at < 0) return at === CSV_ENDS.incomplete && isLast ? CSV_ENDS.irregular : at;
    cell += 1;
    const isReturn = bytes[at] === RETURN && at + 1 < end && bytes[at + 1] === LINE_FEED;
    if (isReturn) at += 1;
    if (at >= end ? !isLast : bytes[at] === RETURN && !isLast) return CSV_ENDS.incomplete;
    if (at < end && bytes[at] === delimiter) {
      at += 1;
      continue;
    }
    if (at < end && bytes[at] !== LINE_FEED) return CSV_ENDS.irregular;
    record.width = cell;
    record.isEmpty = cell === 1 && (at === from || (at === from + 1 && bytes[from] === RETURN));
    return at + 1;
  }
}

/** @returns where the cell ends, behind its second quote */
function readQuoted(bytes: Uint8Array, start: number, cell: number, record: CsvRecord): number {
  let [at, doubled] = [start + 1, 0];
  for (;;) {
    while (at < bytes.length && bytes[at] !== QUOTE) {
      if (bytes[at] === LINE_FEED) record.lines += 1;
      at += 1;
    }
    if (at >= bytes.length) return CSV_ENDS.incomplete;
    if (bytes[at + 1] !== QUOTE) break;
    doubled += 1;
    at += 2;
  }
  if (doubled === 0) put(record, cell, bytes, start + 1, at);
  else {
    const plain = new Uint8Array(at - start - 1 - doubled);
    let length = 0;
    for (let i = start + 1; i < at; i += 1) {
      plain[length++] = bytes[i]!;
      if (bytes[i] === QUOTE) i += 1;
    }
    put(record, cell, plain, 0, length);
  }
  return at + 1;
}

function put(record: CsvRecord, cell: number, bytes: Uint8Array, from: number, to: number): void {
  if (cell >= record.from.length) return;
  let [first, last] = [from, to];
  while (first < last && bytes[first]! <= BLANK) first += 1;
  while (first < last && bytes[last - 1]! <= BLANK) last -= 1;
  record.bytes[cell] = bytes;
  record.from[cell] = first;
  record.to[cell] = last;
}
