import { outputFormat } from '../output-format.ts';

/** What decides whether an answer can be given in pieces. */
interface Asked {
  readonly sql: string;
  readonly format: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** How many bytes of a piece are its head; each piece of the engine is a whole document of the format. */
type HeadLength = (piece: Uint8Array) => number;

const NONE: HeadLength = () => 0;
const lines =
  (count: number): HeadLength =>
  (piece) => {
    let at = 0;
    for (let i = 0; i < count; i++) at = piece.indexOf(LINE_FEED, at) + 1;
    return at;
  };
const LINE_FEED = 10;
const QUOTE = 34;

/** Formats whose pieces in a row are the whole, once the heads of all but the first are cut off. */
const HEADS: Readonly<Record<string, HeadLength>> = {
  ...{ TabSeparated: NONE, TSV: NONE, TabSeparatedRaw: NONE, TSVRaw: NONE, CSV: NONE, Native: NONE, RowBinary: NONE },
  ...{ JSONEachRow: NONE, JSONLines: NONE, NDJSON: NONE, JSONCompactEachRow: NONE, JSONStringsEachRow: NONE },
  ...{ TabSeparatedWithNames: lines(1), TSVWithNames: lines(1), JSONCompactEachRowWithNames: lines(1) },
  ...{ TabSeparatedWithNamesAndTypes: lines(2), TSVWithNamesAndTypes: lines(2) },
  JSONCompactEachRowWithNamesAndTypes: lines(2),
  ...{ CSVWithNames: (piece) => afterRecord(piece, 0) },
  CSVWithNamesAndTypes: (piece) => afterRecord(piece, afterRecord(piece, 0)),
  ...{
    RowBinaryWithNames: (piece) => afterTexts(piece, 1),
    RowBinaryWithNamesAndTypes: (piece) => afterTexts(piece, 2),
  },
};

// Totals and extremes come as a piece of their own with other rules; SHOW, DESCRIBE and EXPLAIN are refused in pieces.
const WHOLE = /\b(?:totals|extremes|explain|insert)\b/i;
const SELECTS = /^[\s(]*(?:SELECT|WITH)\b/i;

/** Can the engine give the answer in pieces that are the same bytes in a row? */
export function isStreamable({ sql, format, settings }: Asked): boolean {
  if (Number(settings.extremes ?? 0) > 0) return false;
  return SELECTS.test(sql) && !WHOLE.test(sql) && Object.hasOwn(HEADS, outputFormat(sql) ?? format);
}

/** @returns takes a piece, gives it without the head that an earlier one has had */
export function createHeadCutter({ sql, format }: Asked): (piece: Uint8Array) => Uint8Array {
  const headOf = HEADS[outputFormat(sql) ?? format] ?? NONE;
  let head = -1;
  return (piece) => {
    if (head >= 0) return piece.subarray(head);
    head = headOf(piece);
    return piece;
  };
}

/** A record of CSV ends at a line feed outside of quotes: names may hold both. */
function afterRecord(piece: Uint8Array, start: number): number {
  let isQuoted = false;
  for (let at = start; at < piece.length; at++) {
    if (piece[at] === QUOTE) isQuoted = !isQuoted;
    else if (piece[at] === LINE_FEED && !isQuoted) return at + 1;
  }
  return piece.length;
}

/** RowBinary: the number of columns, then as many texts (names), then as many again (types); lengths are varints. */
function afterTexts(piece: Uint8Array, times: number): number {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = piece[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  for (let left = varint() * times; left > 0; left--) {
    const length = varint();
    at += length;
  }
  return at;
}
