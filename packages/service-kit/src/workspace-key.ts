import { createHash, hkdfSync } from 'node:crypto';
import { KenalError } from '@kenal/errors';

/** Guessing a short key is cheaper than guessing a phone number through a long one. */
const SHORTEST = 32;
const PREFIX = 'key:';
const DERIVED_BYTES = 32;

/**
 * A key of a workspace as `loadKenalConfig` gives it to services: `key:<64 hex digits>`.
 * @param secret what an operator keeps
 * @param where it came from, for the fault
 * @throws KenalError `bad_config` where it is shorter than 32 characters
 */
export function readWorkspaceKey(secret: string, where: string): string {
  if (secret.length < SHORTEST)
    throw new KenalError(
      'bad_config',
      `${where} is shorter than ${SHORTEST} characters; take one from: openssl rand -hex 32`,
    );
  return `${PREFIX}${createHash('sha256').update(secret, 'utf8').digest('hex')}`;
}

/** The bytes of a key that {@link readWorkspaceKey} wrote. */
export function bytesOfKey(key: string): Buffer {
  return Buffer.from(key.slice(PREFIX.length), 'hex');
}

/**
 * A secret of its own for each thing that is signed, so that none tells another: HKDF-SHA-256 (RFC 5869), 32 bytes.
 * @param key `signingKey` of the workspace
 * @param purpose what is signed, with its names: ['webhook', workspace, endpoint]
 * @param salt random bytes of a generation; empty where there is one only
 */
export function derivedSecret(key: string, purpose: readonly string[], salt: Uint8Array = new Uint8Array()): Buffer {
  return Buffer.from(hkdfSync('sha256', bytesOfKey(key), salt, JSON.stringify(purpose), DERIVED_BYTES));
}
