import { createHmac } from 'node:crypto';
import { KenalError } from '@kenal/errors';
import { derivedSecret } from './workspace-key.ts';

const PREFIX = 'whsec_';
const FEWEST_BYTES = 24;
const MOST_BYTES = 64;

export interface SecretOf {
  /** `signingKey` of the workspace. */
  readonly key: string;
  readonly workspace: string;
  /** Id of the endpoint. */
  readonly endpoint: string;
  /** Of the generation, hex. */
  readonly salt: string;
}

/**
 * The secret of one generation of an endpoint, `whsec_…` (standardwebhooks.com): HKDF-SHA-256 of the workspace's key, so
 * it is kept nowhere, and whoever has the settings alone can sign nothing.
 */
export function webhookSecret({ key, workspace, endpoint, salt }: SecretOf): string {
  const secret = derivedSecret(key, ['webhook', workspace, endpoint], Buffer.from(salt, 'hex'));
  return `${PREFIX}${secret.toString('base64')}`;
}

export interface Signed {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/** Value of `webhook-signature`: one `v1,…` for each secret, with blanks between. */
export function signWebhook(secrets: readonly string[], { id, timestamp, body }: Signed): string {
  const signed = `${id}.${timestamp}.${body}`;
  return secrets
    .map((secret) => createHmac('sha256', keyOf(secret)).update(signed, 'utf8').digest('base64'))
    .map((signature) => `v1,${signature}`)
    .join(' ');
}

/**
 * A secret of kenal.yaml as `loadKenalConfig` gives it to services: 24 to 64 bytes in base64, behind `whsec_`.
 * @throws KenalError `bad_config` where it is none
 */
export function readWebhookSecret(secret: string, where: string): string {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  const bytes = keyOf(secret).length;
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text) && bytes >= FEWEST_BYTES && bytes <= MOST_BYTES) return PREFIX + text;
  throw new KenalError(
    'bad_config',
    `${where} must be ${PREFIX} and ${FEWEST_BYTES} to ${MOST_BYTES} bytes in base64; take ${PREFIX} and what openssl rand -base64 32 prints`,
  );
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
}
