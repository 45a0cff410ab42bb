import { createHash, createHmac } from 'node:crypto';
import type { IdentifierKey } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';

/** Guessing a short key is cheaper than guessing a phone number through a long one. */
const SHORTEST = 32;
const PREFIX = 'key:';

/**
 * An erasure key as `loadKenalConfig` gives it to services: `key:<64 hex digits>`.
 * @param secret what an operator keeps; @param where it came from, for the fault
 * @throws KenalError `bad_config` where it is shorter than 32 characters
 */
export function readErasureKey(secret: string, where: string): string {
  if (secret.length < SHORTEST)
    throw new KenalError(
      'bad_config',
      `${where} is shorter than ${SHORTEST} characters; take one from: openssl rand -hex 32`,
    );
  return `${PREFIX}${createHash('sha256').update(secret, 'utf8').digest('hex')}`;
}

/**
 * What stays of an identifier of an erased person, `Directive.erased`: nobody can tell the identifier from it without the
 * key, and everybody who has the key knows the identifier again when it comes back.
 * @param key `erasureKey` of the workspace, as {@link readErasureKey} writes it
 * @param identifier normalised, `type:value`
 * @returns HMAC-SHA-256, hex
 */
export function erasureHash(key: string, identifier: IdentifierKey): string {
  return createHmac('sha256', Buffer.from(key.slice(PREFIX.length), 'hex'))
    .update(identifier, 'utf8')
    .digest('hex');
}
