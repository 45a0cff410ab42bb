import { isRecord } from '../json/inspect.ts';
import { parseJsonStrictly } from '../json/parse.ts';
import { type BodyFields, headerOf, type SignedRequest } from './request.ts';

/** JSON beyond this is not parsed before it is known who sent it: so many brackets take 70 ms. SNS sends up to 256 KB. */
export const MOST_JSON_BYTES = 524_288;
/** The fields of a signature are short and few; what stands beside them is not looked at. */
const MOST_FORM_BYTES = 33_554_432;
const MOST_PARTS = 1_000;
const MOST_VALUE_BYTES = 1_024;

/**
 * Fields of a body that carries its own signature, as Mailgun sends it: JSON with `{signature: {timestamp, token,
 * signature}}`, a multipart form, or a plain form. The first of doubled fields counts. Read when first asked for.
 */
export function bodyFieldsOf(request: SignedRequest): BodyFields {
  let read: BodyFields | null = null;
  return (name) => {
    read ??= readerOf(request);
    return read(name);
  };
}

function readerOf(request: SignedRequest): BodyFields {
  const type = headerOf(request, 'content-type') ?? '';
  const body = Buffer.from(request.body.buffer, request.body.byteOffset, request.body.length);
  const boundary = /^multipart\/form-data\b.*?;\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/is.exec(type);
  if (boundary !== null) {
    const fields = multipartFields(body, boundary[1] ?? boundary[2] ?? '');
    return (name) => fields.get(name) ?? null;
  }
  return /^\s*\{/.test(body.subarray(0, 64).toString('latin1')) ? jsonFields(body) : formFields(body);
}

function jsonFields(body: Buffer): BodyFields {
  const parsed = body.length > MOST_JSON_BYTES ? null : parseJsonStrictly(body);
  const root = parsed?.ok ? parsed.value.value : null;
  const signature = isRecord(root) && Object.hasOwn(root, 'signature') ? root.signature : null;
  return (name) => {
    const value = isRecord(signature) && Object.hasOwn(signature, name) ? signature[name] : null;
    return typeof value === 'number' ? String(value) : typeof value === 'string' ? value : null;
  };
}

/** `sender=a&token=b` and `token` → `b`. The form is searched, not parsed: it may hold a whole mail. */
function formFields(body: Buffer): BodyFields {
  return (name) => {
    const start = `${name}=`;
    // The first field has no & before it
    const isFirst = body.subarray(0, start.length).toString('latin1') === start;
    const before = isFirst ? -1 : body.indexOf(`&${start}`);
    if (!isFirst && before === -1) return null;
    const at = before + 1;
    const end = body.indexOf('&', at);
    const pair = body.subarray(at, end === -1 ? body.length : end);
    return pair.length > MOST_VALUE_BYTES ? null : new URLSearchParams(pair.toString('utf8')).get(name);
  };
}

/**
 * Short text fields of a multipart form, by name; files and long fields are stepped over without a look.
 * `--b␍␊Content-Disposition: form-data; name="token"␍␊␍␊ab␍␊--b--` → token: ab
 */
function multipartFields(body: Buffer, boundary: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  if (body.length > MOST_FORM_BYTES) return fields;
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  let at = body.indexOf(delimiter);
  for (let parts = 0; at !== -1 && parts < MOST_PARTS; parts++) {
    const begin = at + delimiter.length;
    const next = body.indexOf(delimiter, begin);
    if (next === -1) break;
    readPart(body.subarray(begin, next), fields);
    at = next;
  }
  return fields;
}

/** `␍␊Content-Disposition: form-data; name="token"␍␊␍␊ab␍␊` */
function readPart(part: Buffer, fields: Map<string, string>): void {
  const end = part.indexOf('\r\n\r\n');
  if (end === -1 || end > MOST_VALUE_BYTES || part.length - end > MOST_VALUE_BYTES) return;
  const name = /^content-disposition:[^\r\n]*?;\s*name="([^"\r\n]*)"/im.exec(part.toString('latin1', 0, end))?.[1];
  if (name !== undefined && !fields.has(name)) fields.set(name, part.toString('utf8', end + 4, part.length - 2));
}
