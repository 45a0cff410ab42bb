import { hash } from 'node:crypto';
import { bodyFieldsOf } from './body-fields.ts';
import { describePlace, headerOf, type SignedRequest, valuesAt } from './request.ts';
import type { EcdsaScheme, HmacScheme, Part } from './scheme.ts';
import { instantOf, staleness } from './times.ts';
import { twilioForm } from './twilio.ts';
import { refuse, type Verdict } from './verdict.ts';

/** What a scheme asks of a request, read out of it. */
export interface SignedContent {
  /** Every signature that stands there, without its prefix. */
  readonly signatures: readonly string[];
  /** Text and bytes to sign, in order, `url` left out. */
  partsWith(url: string): readonly (string | Uint8Array)[];
  /** The verdict once one of the signatures was found to be right: it may still be too old. */
  accept(signature: string): Verdict;
}

type Values = Readonly<Record<'timestamp' | 'id' | 'token' | 'form', string>>;

/** @returns the verdict where something is missing or unreadable */
export function readSigned(
  scheme: HmacScheme | EcdsaScheme,
  request: SignedRequest,
  nowMicros: number,
): SignedContent | Verdict {
  const fieldOf = bodyFieldsOf(request);
  const { place } = scheme.signature;
  const stated = valuesAt(place, request, fieldOf);
  if (stated.length === 0) return refuse('signature_missing', `there is no ${describePlace(place)}`);
  const signatures = split(stated, scheme.signature);
  if (signatures.length === 0)
    return refuse('signature_invalid', `${describePlace(place)} has none that begins with ${scheme.signature.prefix}`);

  const values = { timestamp: '', id: '', token: '', form: '' };
  const places = { timestamp: scheme.timestamp?.place, id: scheme.id, token: scheme.token };
  for (const name of ['timestamp', 'id', 'token'] as const) {
    const from = places[name];
    if (from === undefined) continue;
    const value = valuesAt(from, request, fieldOf)[0];
    if (value === undefined) return refuse('signature_missing', `there is no ${describePlace(from)}`);
    values[name] = value;
  }
  const at = scheme.timestamp === null ? null : instantOf(values.timestamp, scheme.timestamp.unit);
  if (scheme.timestamp !== null && at === null)
    return refuse(
      'signature_invalid',
      `${describePlace(scheme.timestamp.place)} is not a time in ${scheme.timestamp.unit}`,
    );
  if (scheme.signed.includes('form')) {
    const form = twilioForm(request);
    if (form === null)
      return refuse(
        'signature_invalid',
        'the body is not the one whose hash the address names, or has too many fields',
      );
    values.form = form;
  }
  return {
    signatures,
    partsWith: (url) => partsOf(scheme.signed, values, url, request.body),
    accept: (signature) =>
      (at === null ? null : staleness(at, nowMicros, scheme.toleranceSeconds)) ?? {
        ok: true,
        replayKey: replayKeyOf(scheme, signature, values, request),
      },
  };
}

/** `v1,ab v1,cd` → `ab`, `cd` */
function split(stated: readonly string[], { prefix, separator }: HmacScheme['signature']): readonly string[] {
  const all = separator === undefined ? stated : stated.flatMap((value) => value.split(separator));
  return prefix === ''
    ? all
    : all.filter((value) => value.startsWith(prefix)).map((value) => value.slice(prefix.length));
}

function partsOf(signed: readonly Part[], values: Values, url: string, body: Uint8Array): (string | Uint8Array)[] {
  const parts: (string | Uint8Array)[] = [];
  let text = '';
  for (const part of signed) {
    if (part === 'body') {
      if (text !== '') parts.push(text);
      parts.push(body);
      text = '';
    } else text += part === 'url' ? url : typeof part === 'object' ? part.text : values[part];
  }
  if (text !== '') parts.push(text);
  return parts;
}

function replayKeyOf(
  scheme: HmacScheme | EcdsaScheme,
  signature: string,
  values: Values,
  request: SignedRequest,
): string | null {
  if (scheme.replay.length === 0) return null;
  const keys = scheme.replay.map((part) => {
    if (part === 'signature') return signature;
    if (part === 'signed') return hashOf(partsOf(scheme.signed, values, request.url, request.body));
    return typeof part === 'object' ? (headerOf(request, part.header) ?? '') : values[part];
  });
  return keys.length === 1 ? keys[0]! : keys.join('\n');
}

function hashOf(parts: readonly (string | Uint8Array)[]): string {
  return hash(
    'sha256',
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))),
    'base64',
  );
}
