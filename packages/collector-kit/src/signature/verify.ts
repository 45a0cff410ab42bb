import type { Clock } from '@kenal/contracts';
import type { FetchCertificate } from './chain.ts';
import { verifyBasic, verifyToken } from './credentials.ts';
import { createEcdsaVerifier } from './ecdsa.ts';
import { createHmacVerifier } from './hmac.ts';
import type { SignedRequest } from './request.ts';
import type { Scheme } from './scheme.ts';
import { createSnsVerifier } from './sns.ts';
import type { Verdict } from './verdict.ts';

/** Says whether a request comes from who it says. */
export interface Verifier {
  /**
   * Rejects for nothing that a request can hold: whatever is odd about it is a verdict.
   * @param secrets all that are live, two while one is rotated; empty ones match nothing
   */
  verify(scheme: Scheme, request: SignedRequest, secrets: readonly string[]): Promise<Verdict>;
}

export interface VerifierDeps {
  readonly clock: Clock;
  /** Gets certificates of Amazon SNS; asked only for addresses of Amazon. */
  readonly fetchCertificate: FetchCertificate;
  /** PEM, one certificate each; default: those that Node carries. */
  readonly trustedRoots?: readonly string[];
}

export function createVerifier(deps: VerifierDeps): Verifier {
  const { clock, fetchCertificate, trustedRoots } = deps;
  const verifyHmac = createHmacVerifier();
  const verifyEcdsa = createEcdsaVerifier();
  const verifySns = createSnsVerifier({ clock, fetchCertificate, trustedRoots });
  return {
    async verify(scheme, request, secrets) {
      switch (scheme.kind) {
        case 'hmac':
          return verifyHmac(scheme, request, secrets, clock());
        case 'ecdsa':
          return verifyEcdsa(scheme, request, secrets, clock());
        case 'sns':
          return verifySns(scheme, request, secrets);
        case 'basic':
          return verifyBasic(request, secrets);
        case 'token':
          return verifyToken(scheme.header, request, secrets);
      }
    },
  };
}
