import { createHash } from 'node:crypto';
import { KenalError } from '@kenal/errors';

/** Guessing a short key is cheaper than guessing a phone number through a long one. */
const SHORTEST = 32;
const PREFIX = 'key:';

/**
 * An erasure or webhook key as `loadKenalConfig` gives it to services: `key:<64 hex digits>`.
 * @param secret what an operator keeps; @param where it came from, for the fault
 * @throws KenalError `bad_config` where it is shorter than 32 characters
 */
export function readOperatorKey(secret: string, where: string): string {
  if (secret.length < SHORTEST)
    throw new KenalError(
      'bad_config',
      `${where} is shorter than ${SHORTEST} characters; take one from: openssl rand -hex 32`,
    );
  return `${PREFIX}${createHash('sha256').update(secret, 'utf8').digest('hex')}`;
}
