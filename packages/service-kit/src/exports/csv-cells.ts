const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const [LF, CR, TAB] = [0x0a, 0x0d, 0x09];
const APOSTROPHE = Buffer.from("'");
/** `=`, `+`, `-`, `@`, TAB, CR, LF: what begins with one is a formula to a spreadsheet (OWASP, CSV injection) … */
const FORMULA: ReadonlySet<number> = new Set([0x3d, 0x2b, MINUS, 0x40, TAB, CR, LF]);
/** … and so is what begins with `＝`, `＋`, `－`, `＠`, in UTF-8: these two bytes and one of the last. */
const [WIDE, WIDE_SECOND] = [0xef, 0xbc];
const WIDE_LAST: ReadonlySet<number> = new Set([0x9d, 0x8b, 0x8d, 0xa0]);
const WIDE_BYTES = 3;
/** `-5`, `-0.5e-3`, with the quote after it. */
const NUMBER = /^-\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"$/;
/** Of a cell that may be a number, so much is looked at. */
const LONGEST_NUMBER = 64;

/** Where in CSV the last byte was; `first` is before the first byte of a quoted cell, `number` in one that may be a negative number, `wide` in its first character, of several bytes. */
type At = 'start' | 'plain' | 'first' | 'number' | 'wide' | 'quoted' | 'closed';

/** CSV in pieces of any size, with an apostrophe before each cell of text that a spreadsheet would compute. */
export interface CsvCells {
  write(piece: Uint8Array): Buffer;
  /** What was held back. */
  end(): Buffer;
  /** Lines that ended, the one of names among them. */
  readonly lines: number;
}

/**
 * Reads CSV as ClickHouse writes it: text is quoted, numbers are not. Text that is a negative number (a trait as a column)
 * stays as it is too; a plus is a telephone number and gets the apostrophe.
 */
export function createCsvCells(): CsvCells {
  let at: At = 'start';
  let lines = 0;
  /** From the minus on, or of a wide character; null while nothing is undecided. */
  let held: number[] | null = null;
  let out: Uint8Array[] = [];

  function next(byte: number): At {
    if (at === 'first' && byte === MINUS) return 'number';
    if (at === 'first' && byte === WIDE) return 'wide';
    if (at === 'quoted' || at === 'first' || at === 'number' || at === 'wide') {
      if (byte === QUOTE) return 'closed';
      return at === 'number' || at === 'wide' ? at : 'quoted';
    }
    if (at === 'closed' && byte === QUOTE) return 'quoted'; // "" inside of a cell
    if (at === 'start' && byte === QUOTE) return 'first';
    if (byte === LF) lines += 1;
    return byte === COMMA || byte === LF || byte === CR ? 'start' : 'plain';
  }

  function release(): void {
    if (held === null) return;
    const bytes = Buffer.from(held);
    const isHarmless =
      bytes[0] === WIDE ? !isWideSign(bytes) : at !== 'quoted' && NUMBER.test(bytes.toString('latin1'));
    if (!isHarmless) out.push(APOSTROPHE);
    out.push(bytes);
    held = null;
  }

  function take(): Buffer {
    const bytes = Buffer.concat(out);
    out = [];
    return bytes;
  }

  return {
    get lines() {
      return lines;
    },
    write(piece) {
      let from = 0;
      for (let n = 0; n < piece.length; n++) {
        const byte = piece[n]!;
        const before = at;
        at = next(byte);
        if (held !== null) {
          // Decided by the byte after the closing quote, or after the character, or where it is too long for a number
          const isOver =
            before === 'closed' || (before === 'wide' ? held.length >= WIDE_BYTES : held.length > LONGEST_NUMBER);
          if (isOver) release();
          else held.push(byte);
          from = isOver ? n : n + 1;
          if (isOver && (at === 'number' || at === 'wide')) at = 'quoted';
        } else if (before === 'first' && (FORMULA.has(byte) || byte === WIDE)) {
          out.push(piece.subarray(from, n));
          from = n + 1;
          if (byte === MINUS || byte === WIDE) held = [byte];
          else out.push(APOSTROPHE, piece.subarray(n, n + 1));
        }
      }
      out.push(piece.subarray(from));
      return take();
    },
    end() {
      release();
      return take();
    },
  };
}

function isWideSign(bytes: Buffer): boolean {
  return bytes[1] === WIDE_SECOND && WIDE_LAST.has(bytes[2] ?? 0);
}
