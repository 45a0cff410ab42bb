import { createVerify } from 'node:crypto';
import { isRecord, type JsonRecord } from '../json/inspect.ts';
import { parseJsonStrictly } from '../json/parse.ts';
import { bytesOfBase64 } from './base64.ts';
import { MOST_JSON_BYTES } from './body-fields.ts';
import type { SignedRequest } from './request.ts';
import type { SnsScheme } from './scheme.ts';
import { createSnsCertificates, type SnsCertificatesDeps } from './sns-certificates.ts';
import { instantOf, staleness } from './times.ts';
import { refuse, type Verdict } from './verdict.ts';

const OF_NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const OF_CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/** Which fields are signed, in this order (docs.aws.amazon.com/sns: Verifying the signatures of Amazon SNS messages). */
const SIGNED_FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Notification', OF_NOTIFICATION],
  ['SubscriptionConfirmation', OF_CONFIRMATION],
  ['UnsubscribeConfirmation', OF_CONFIRMATION],
]);
const HASH_BY_VERSION: ReadonlyMap<string, string> = new Map([
  ['1', 'sha1'],
  ['2', 'sha256'],
]);

/** @returns what verifies messages of SNS; secrets are the ARNs of the topics that a source takes */
export function createSnsVerifier(deps: SnsCertificatesDeps) {
  const keyAt = createSnsCertificates(deps);
  return async (scheme: SnsScheme, request: SignedRequest, topics: readonly string[]): Promise<Verdict> => {
    const message = messageOf(request.body);
    const signature = message === null ? null : textOf(message, 'Signature');
    const type = message === null ? null : textOf(message, 'Type');
    if (message === null || signature === null || type === null)
      return refuse('signature_missing', 'the body is not a signed message of Amazon SNS (raw delivery is not signed)');
    const signed = canonical(message, type);
    const hash = HASH_BY_VERSION.get(textOf(message, 'SignatureVersion') ?? '');
    if (signed === null || hash === undefined)
      return refuse('signature_invalid', 'Type, SignatureVersion or a field that is signed is missing or unknown');
    // All that costs nothing comes before anything is fetched
    if (!topics.includes(message.TopicArn as string))
      return refuse('signature_invalid', 'its TopicArn is none of those that this source takes');
    const at = instantOf(message.Timestamp as string, 'iso');
    if (at === null) return refuse('signature_invalid', 'Timestamp is not a time');
    const bytes = bytesOfBase64(signature);
    if (bytes === null) return refuse('signature_invalid', 'Signature is not base64');
    const found = await keyAt(textOf(message, 'SigningCertURL') ?? '');
    if ('refusal' in found) return found.refusal;
    if (!createVerify(hash).update(signed).verify(found.key, bytes))
      return refuse('signature_invalid', 'the certificate does not verify it');
    const stale = staleness(at, deps.clock(), scheme.toleranceSeconds);
    return stale ?? { ok: true, replayKey: message.MessageId as string };
  };
}

function messageOf(body: Uint8Array): JsonRecord | null {
  const parsed = body.length > MOST_JSON_BYTES ? null : parseJsonStrictly(body);
  const value = parsed?.ok ? parsed.value.value : null;
  return isRecord(value) ? value : null;
}

/**
 * `Message␊text␊MessageId␊…␊`; a Subject only where there is one.
 * @returns null where the type is unknown or another field is missing
 */
function canonical(message: JsonRecord, type: string): string | null {
  let text = '';
  for (const name of SIGNED_FIELDS.get(type) ?? []) {
    const value = textOf(message, name);
    if (value !== null) text += `${name}\n${value}\n`;
    else if (name !== 'Subject') return null;
  }
  return text === '' ? null : text;
}

function textOf(message: JsonRecord, name: string): string | null {
  const value = Object.hasOwn(message, name) ? message[name] : null;
  return typeof value === 'string' ? value : null;
}
