import { type Clock, type KenalConfig, MICROS_PER_SECOND, type Micros } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { derivedSecret, type KeyPlaces, type Reader, readKeyOf } from '@kenal/service-kit';
import { decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';

/** What stands in a path for the person of the token. */
export const SELF = 'me';

const ISSUER = 'kenal';
const ALGORITHM = 'HS256';

/** Whose data a token shows. */
export interface OwnToken {
  readonly profileId: string;
  /** Microseconds since 1970. */
  readonly issuedAt: Micros;
  /** It has no verb: only what asks for one person takes it. */
  readonly reader: Reader;
}

/** @returns null where the request has a key and no token @throws KenalError `unknown_key` where it is none of ours, or over */
export type ReadOwnToken = (request: KeyPlaces) => Promise<OwnToken | null>;

export interface OwnTokens {
  readonly read: ReadOwnToken;
  /** @throws KenalError `no_signing_key` */
  issue(by: Reader, profileId: string, fields: readonly string[] | null, seconds: number): Promise<IssuedToken>;
}

export interface IssuedToken {
  readonly token: string;
  /** Microseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Short-lived tokens with which a person sees their own data: JWT (RFC 7519), signed with HMAC-SHA-256 under a secret that is
 * derived from the workspace's signing key. Nothing is stored, so none can be taken back before it ends;
 * an erasure of its person ends it.
 */
export function createOwnTokens(config: KenalConfig, clock: Clock): OwnTokens {
  const secrets = new Map(
    config.workspaces.flatMap(({ id, signingKey }) =>
      signingKey === undefined ? [] : [[id, derivedSecret(signingKey, ['own-token', id])] as const],
    ),
  );
  const secondsNow = (): number => Math.floor(clock() / MICROS_PER_SECOND);
  return {
    async read(request) {
      const text = readKeyOf(request);
      if (text === null || !isJwt(text)) return null;
      const refused = (why: string): KenalError => new KenalError('unknown_key', `the token ${why}; ask for a new one`);
      const workspace = audienceOf(text);
      const secret = secrets.get(workspace);
      if (secret === undefined) throw refused('is not one of ours');
      const currentDate = new Date(secondsNow() * 1_000);
      const options = { issuer: ISSUER, audience: workspace, algorithms: [ALGORITHM], currentDate };
      const { payload } = await jwtVerify<{ readonly fields: readonly string[] | null }>(text, secret, options).catch(
        (error: unknown) => {
          throw refused((error as { code?: string }).code === 'ERR_JWT_EXPIRED' ? 'is over' : 'is not one of ours');
        },
      );
      const { sub = '', jti = '', iat = 0, fields } = payload;
      const issuedAt = Math.round(iat * MICROS_PER_SECOND);
      return { profileId: sub, issuedAt, reader: { workspace, name: `token ${jti}`, verbs: [], fields } };
    },
    async issue({ workspace, name }, profileId, fields, seconds) {
      const secret = secrets.get(workspace);
      if (secret === undefined)
        throw new KenalError(
          'no_signing_key',
          `set workspaces.signingKey of workspace ${workspace} in kenal.yaml to env:NAME, and that variable to what ` +
            '`openssl rand -hex 32` prints',
        );
      const now = secondsNow();
      const token = await new SignJWT({ fields })
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuer(ISSUER)
        .setAudience(workspace)
        .setSubject(profileId)
        .setJti(`of ${name}`)
        .setIssuedAt(clock() / MICROS_PER_SECOND) // to the microsecond: an erasure may be of the same second
        .setExpirationTime(now + seconds)
        .sign(secret);
      return { token, expiresAt: (now + seconds) * MICROS_PER_SECOND };
    },
  };
}

function isJwt(text: string): boolean {
  try {
    return decodeProtectedHeader(text).alg !== undefined;
  } catch {
    return false;
  }
}

function audienceOf(token: string): string {
  try {
    const { aud } = decodeJwt(token);
    return typeof aud === 'string' ? aud : '';
  } catch {
    return '';
  }
}
