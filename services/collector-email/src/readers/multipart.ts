import { Busboy } from '@fastify/busboy';
import { type Outcome, refused } from '@kenal/collector-kit/read';
import { countOf } from './count-of.ts';

/** A part of a form, its bytes as they came: which charset they are in may stand in another part. */
export interface FormPart {
  readonly name: string;
  readonly filename: string | null;
  readonly type: string;
  readonly bytes: Buffer;
}

const MOST_PARTS = 1_000;
const MOST_NAME_BYTES = 200;

/**
 * A form, multipart or URL-encoded → its parts.
 * @returns fault `bad_body`
 */
export async function readForm(body: Buffer, contentType: string): Promise<Outcome<readonly FormPart[]>> {
  if (/^multipart\/form-data\b/i.test(contentType)) return readMultipart(body, contentType);
  if (countOf(body, '&', MOST_PARTS) > MOST_PARTS) return refused('bad_body', '$', `more than ${MOST_PARTS} fields`);
  const fields = [...new URLSearchParams(body.toString('utf8'))];
  const parts = fields.map(([name, value]) => ({ name, filename: null, type: '', bytes: Buffer.from(value) }));
  return { ok: true, value: parts };
}

function readMultipart(body: Buffer, contentType: string): Promise<Outcome<readonly FormPart[]>> {
  return new Promise((resolve) => {
    const parts: FormPart[] = [];
    const fail = (error: unknown): void =>
      resolve(refused('bad_body', '$', error instanceof Error ? error.message.slice(0, 200) : 'not a form'));
    try {
      const form = new Busboy({
        headers: { 'content-type': contentType },
        isPartAFile: () => true, // as bytes, text fields too
        limits: { parts: MOST_PARTS, fieldNameSize: MOST_NAME_BYTES, headerPairs: 20 },
      });
      form.on('file', (name, stream, filename, _encoding, type) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('error', fail);
        stream.on('end', () =>
          parts.push({ name: name ?? '', filename: filename || null, type, bytes: Buffer.concat(chunks) }),
        );
      });
      form.on('partsLimit', () => fail(new Error(`more than ${MOST_PARTS} parts`)));
      form.on('error', fail);
      form.on('finish', () => resolve({ ok: true, value: parts }));
      form.end(body);
    } catch (error) {
      fail(error);
    }
  });
}

/** Text of the part of that name, the first of several; null where there is none. @param charset its label, default UTF-8 */
export function textPart(parts: readonly FormPart[], name: string, charset = 'utf-8'): string | null {
  const part = parts.find((one) => one.name === name);
  return part === undefined ? null : decode(part.bytes, charset);
}

/** @param charset a label of the Encoding Standard; one that is unknown is taken for UTF-8 */
function decode(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}
