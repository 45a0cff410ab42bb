import { createOccurrences } from '../import/occurrences.ts';
import { HEAD_BYTES } from './file-head.ts';

/** A record of a file, as collector-phone takes it. */
export interface FileLine {
  readonly line: string;
  /** The how manieth of the equal lines of its file, from 1. */
  readonly occurrence: number;
  /** Bytes of the file up to its end. */
  readonly end: number;
}

/** Bytes of one file, in order, → its lines. */
export interface LineSplitter {
  push(bytes: Uint8Array): FileLine[];
  /** The file is at its end for good: a last line needs no line break. */
  end(): FileLine[];
  /** How many bytes were pushed, and the first of them. */
  readonly taken: number;
  readonly beginning: Uint8Array;
}

const LINE_FEED = 0x0a;
/** More than the collector takes: it refuses the line, and keeps as much of it. */
const LONGEST = 20_000;
const strict = new TextDecoder('utf-8', { fatal: true });
const western = new TextDecoder('windows-1252');

/**
 * @param from lines that end before this byte are counted, for the numbers of their equals, and not returned: they were
 * sent before
 */
export function createLineSplitter(from: number): LineSplitter {
  const occurrences = createOccurrences();
  let parts: Uint8Array[] = [];
  let held = 0;
  let taken = 0;
  let beginning: Uint8Array = new Uint8Array();
  const hold = (bytes: Uint8Array): void => {
    if (held < LONGEST) parts.push(bytes);
    held += bytes.length;
  };
  function finish(end: number): FileLine[] {
    const line = textOf(Buffer.concat(parts));
    [parts, held] = [[], 0];
    if (line.trim() === '') return [];
    const { count } = occurrences.next(line);
    return end > from ? [{ line, occurrence: count, end }] : [];
  }
  return {
    push(bytes) {
      const lines: FileLine[] = [];
      let start = 0;
      for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, start)) {
        hold(bytes.slice(start, at));
        start = at + 1;
        lines.push(...finish(taken + start));
      }
      if (start < bytes.length) hold(bytes.slice(start));
      if (beginning.length < HEAD_BYTES) beginning = Buffer.concat([beginning, bytes]).subarray(0, HEAD_BYTES);
      taken += bytes.length;
      return lines;
    },
    end: () => (held === 0 ? [] : finish(taken)),
    get taken() {
      return taken;
    },
    get beginning() {
      return beginning;
    },
  };
}

/** UTF-8, else as exchanges of the West write names. */
function textOf(bytes: Uint8Array): string {
  const cut = bytes.subarray(0, LONGEST);
  const line = cut.at(-1) === 0x0d ? cut.subarray(0, -1) : cut;
  try {
    return strict.decode(line);
  } catch {
    return western.decode(line);
  }
}
