import { randomInt } from 'node:crypto';

const TAG_LETTERS = 16;
/** The engine's text quotes the statement; a client that looks for the end of the block reads it whole. */
const MOST_TEXT_BYTES = 16 * 1024;

/** What an answer says in `X-ClickHouse-Exception-Tag`: a word that no data can hold by chance. */
export function createExceptionTag(): string {
  return Array.from({ length: TAG_LETTERS }, () => String.fromCharCode(97 + randomInt(26))).join('');
}

/**
 * The end of an answer that failed after its first bytes, as ClickHouse has it since 25.11:
 * `\r\n__exception__\r\n<tag>\r\nCode: 153. DB::Exception: …\n<bytes of that> <tag>\r\n__exception__\r\n`
 * @param body the error's text with its line feed
 */
export function lateFailure(tag: string, body: string): Buffer {
  const bytes = Buffer.from(body, 'utf8');
  const text = bytes.length > MOST_TEXT_BYTES ? Buffer.concat([bytes.subarray(0, MOST_TEXT_BYTES), LINE_FEED]) : bytes;
  const mark = '\r\n__exception__\r\n';
  return Buffer.concat([Buffer.from(`${mark}${tag}\r\n`), text, Buffer.from(`${text.length} ${tag}${mark}`)]);
}

const LINE_FEED = Buffer.from('\n');
