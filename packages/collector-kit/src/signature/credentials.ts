import { hash, timingSafeEqual } from 'node:crypto';
import { headerOf, type SignedRequest } from './request.ts';
import { refuse, type Verdict } from './verdict.ts';

const ACCEPTED: Verdict = { ok: true, replayKey: null };

/** HTTP Basic (RFC 7617). @param secrets each `user:password` */
export function verifyBasic(request: SignedRequest, secrets: readonly string[]): Verdict {
  const header = headerOf(request, 'authorization');
  if (header === null)
    return refuse('signature_missing', 'there is no header authorization; put user and password into the URL');
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header.trim())?.[1];
  if (encoded === undefined) return refuse('signature_invalid', 'header authorization is not Basic');
  return verdictOn(Buffer.from(encoded, 'base64'), secrets);
}

/** A header that equals one of the secrets. */
export function verifyToken(name: string, request: SignedRequest, secrets: readonly string[]): Verdict {
  const header = headerOf(request, name);
  if (header === null) return refuse('signature_missing', `there is no header ${name}`);
  // Node reads headers as latin1, so these are the bytes of the wire; what is no such text keeps more than its low bytes
  const bytes = Buffer.from(header, 'latin1');
  return verdictOn(bytes.toString('latin1') === header ? bytes : Buffer.from(header), secrets);
}

/** Hashes are compared, so that the time tells nothing of the length of a secret either. */
function verdictOn(given: Buffer, secrets: readonly string[]): Verdict {
  const digest = hash('sha256', given, 'buffer');
  for (const secret of secrets)
    if (secret !== '' && timingSafeEqual(hash('sha256', secret, 'buffer'), digest)) return ACCEPTED;
  return refuse(
    'signature_invalid',
    secrets.length === 0 ? 'this source has no secret' : 'it is none of the live secrets',
  );
}
