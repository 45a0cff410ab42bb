/** Follows the quotes of CSV text as csv-parse does with `relax_quotes`, to know where a record ends. */
export interface Quotes {
  /** Text inside one line, in pieces of any size. */
  take(text: string): void;
  /** A line ends here. @returns whether the record goes on: the end of the line lies inside quotes */
  endLine(): boolean;
  /** In this record a single quote, after which the cell goes on, ended a quoting that began in an earlier line. */
  readonly torn: boolean;
  /** A record begins here, whatever was open. */
  reset(): void;
}

type State = 'field begins' | 'plain' | 'quoted' | 'quote in quotes';

export function createQuotes(delimiter: string): Quotes {
  let state: State = 'field begins';
  let spansLines = false;
  let torn = false;

  /** @returns where to look next */
  function step(text: string, at: number): number {
    if (state === 'quoted' || state === 'plain') {
      const sign = state === 'quoted' ? '"' : delimiter;
      const next = text.indexOf(sign, at);
      if (next === -1) return text.length;
      state = state === 'quoted' ? 'quote in quotes' : 'field begins';
      return next + sign.length;
    }
    if (text[at] === '"') {
      if (state === 'field begins') spansLines = false;
      state = 'quoted'; // the quote opens the field, or is the second of two that stand for one
      return at + 1;
    }
    const ends = text.startsWith(delimiter, at);
    if (!ends && state === 'quote in quotes' && spansLines && text[at] !== '\r') torn = true;
    state = ends ? 'field begins' : 'plain'; // a single quote inside a quoted field ends its quoting
    return ends ? at + delimiter.length : at + 1;
  }

  return {
    take(text) {
      for (let at = 0; at < text.length; ) at = step(text, at);
    },
    endLine() {
      const goesOn = state === 'quoted';
      if (goesOn) spansLines = true;
      else state = 'field begins';
      return goesOn;
    },
    get torn() {
      return torn;
    },
    reset() {
      state = 'field begins';
      torn = false;
    },
  };
}
