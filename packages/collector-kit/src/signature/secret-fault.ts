import { publicKeyOf } from './ecdsa.ts';
import { secretBytes } from './hmac.ts';
import type { Scheme } from './scheme.ts';

const TOPIC = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]{1,256}$/;

/**
 * What is wrong with a secret of the configuration, to be said at start: at a request it would only match nothing.
 * @returns null where it can be one of that scheme
 */
export function secretFault(scheme: Scheme, secret: string): string | null {
  if (secret === '') return 'must not be empty';
  if (scheme.kind === 'basic') return /^[^:]+:./s.test(secret) ? null : 'must be user:password';
  if (scheme.kind === 'sns') return TOPIC.test(secret) ? null : 'must be the ARN of a topic, arn:aws:sns:…';
  if (scheme.kind === 'ecdsa')
    return publicKeyOf(secret) === null ? 'must be a P-256 public key, as PEM or in base64' : null;
  if (scheme.kind === 'hmac')
    return secretBytes(secret, scheme.secret) === null ? 'must be base64, with or without whsec_ before it' : null;
  return null;
}

/** Characters; what vendors make themselves has 20 and more. */
const SHORTEST_SECRET = 16;

/** Whether trying out is a way to know it. A key that is public, or names a topic, is no secret. */
export function isShort(scheme: Scheme, secret: string): boolean {
  if (scheme.kind === 'sns' || scheme.kind === 'ecdsa') return false;
  const guessed = scheme.kind === 'basic' ? secret.slice(secret.indexOf(':') + 1) : secret;
  return guessed.length < SHORTEST_SECRET;
}
