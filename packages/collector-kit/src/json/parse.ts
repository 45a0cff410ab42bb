import type { JsonValue } from '@kenal/contracts';
import { type Outcome, refused } from '../fault.ts';
import { quoteUnsafeNumbers } from './numbers.ts';

export interface ParsedJson {
  /** Plain objects and arrays that nobody else holds: `inspect` cleans them in place. */
  readonly value: JsonValue;
  /** Whether the text has `\u` escapes: the only way in for NUL and for lone surrogates. */
  readonly mayHoldOddText: boolean;
}

const BOM = 0xfeff;

/**
 * Parse JSON from a stranger. Of doubled keys the last wins; numbers that a double cannot hold become their text;
 * broken UTF-8 becomes U+FFFD; a byte order mark is skipped. Depth and keys are for `inspect` to judge: parsing
 * itself does not recurse, 2 million brackets included.
 * @returns fault `bad_json` where the text is not JSON
 */
export function parseJsonStrictly(bytes: Uint8Array): Outcome<ParsedJson> {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoded = buffer.toString('utf8');
  const text = decoded.charCodeAt(0) === BOM ? decoded.slice(1) : decoded;
  try {
    const value = JSON.parse(quoteUnsafeNumbers(text)) as JsonValue;
    return { ok: true, value: { value, mayHoldOddText: text.includes('\\u') } };
  } catch (error) {
    return refused('bad_json', '$', describe(error));
  }
}

// V8 quotes a piece of the text in its message: personal data that belongs into no answer and no log.
// `Unexpected token 'x', ..."a":1,xyz" is not valid JSON` → `Unexpected token`
function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const position = /at position \d+(?: \(line \d+ column \d+\))?/.exec(message)?.[0];
  const what =
    /^(?:Unexpected (?:token|end of JSON input|non-whitespace character|string|number)|Unterminated string|Expected [^.]*? (?=in JSON|at)|Bad [a-z ]+|No number after minus sign|Exponent part is missing a number)/.exec(
      message,
    )?.[0];
  return [what?.trim() ?? 'not JSON', position].filter((part) => part !== undefined).join(' ');
}
