import { setImmediate } from 'node:timers/promises';
import {
  type Headers,
  isRecord,
  type Outcome,
  type Payload,
  readJson,
  refused,
  VENDOR_PARTS,
} from '@kenal/collector-kit';

/** One record, and the how manieth of the equal ones of its file it is, from 1. */
export interface CdrLine {
  readonly line: string;
  readonly occurrence: number;
}

const LONGEST_TURN = 5_000;

/**
 * A whole file as text, in which equal lines are counted; or `{"lines": [{"line", "occurrence"}]}` of `kenal cdr`,
 * which sends a file in parts and has counted over all of it.
 */
export async function readLines(body: Buffer, headers: Headers): Promise<Outcome<Payload>> {
  if (headers['content-type']?.includes('json') === true) {
    const read = readJson(body);
    if (!read.ok) return read;
    const { value } = read;
    if (!isRecord(value) || !Array.isArray(value.lines)) return refused('bad_body', '$.lines', 'expected a list');
    return { ok: true, value: value.lines };
  }
  if (hasMoreLines(body, VENDOR_PARTS))
    return refused('bad_body', '$', `more than ${VENDOR_PARTS} lines; \`kenal cdr import\` takes them`);
  const texts = body
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split('\n');
  const seen = new Map<string, number>();
  const lines: CdrLine[] = [];
  for (const [i, text] of texts.entries()) {
    if (i % LONGEST_TURN === 0) await setImmediate();
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (line.trim() === '') continue;
    const occurrence = (seen.get(line) ?? 0) + 1;
    seen.set(line, occurrence);
    lines.push({ line, occurrence });
  }
  return { ok: true, value: lines };
}

function hasMoreLines(body: Buffer, most: number): boolean {
  let lines = 0;
  for (let at = body.indexOf('\n'); at !== -1 && lines <= most; at = body.indexOf('\n', at + 1)) lines++;
  return lines > most;
}
