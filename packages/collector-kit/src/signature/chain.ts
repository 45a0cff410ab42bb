import { X509Certificate } from 'node:crypto';
import { MICROS_PER_MILLI, type Micros } from '@kenal/contracts';

/** Gets the bytes of a certificate, PEM or DER. Must follow no redirect, and give up after some seconds. */
export type FetchCertificate = (url: string) => Promise<string | Uint8Array>;

/** A certificate whose chain ends at a trusted root, and the time during which all of the chain is valid. */
export interface TrustedCertificate {
  readonly certificate: X509Certificate;
  readonly validFrom: Micros;
  readonly validTo: Micros;
}

export interface ChainDeps {
  /** PEM, one certificate each. */
  readonly trustedRoots: readonly string[];
  /** Gets a missing intermediate from the address that a certificate names, where `mayFetch` allows it. */
  readonly fetchCertificate: FetchCertificate;
  readonly mayFetch: (url: string) => boolean;
}

const MOST_LINKS = 5;
const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Follows certificates to a trusted root. Revocation is not looked up. */
export function createChainChecker({ trustedRoots, fetchCertificate, mayFetch }: ChainDeps) {
  let roots: ReadonlyMap<string, X509Certificate[]> | null = null;

  /** @returns null where the leaf's chain ends nowhere @throws what `fetchCertificate` throws */
  return async (bytes: string | Uint8Array): Promise<TrustedCertificate | null> => {
    roots ??= bySubject(trustedRoots);
    const [leaf, ...others] = certificatesIn(bytes);
    if (leaf === undefined) return null;
    const chain = [leaf];
    for (let current = leaf; chain.length <= MOST_LINKS; ) {
      const root = issuerAmong(roots.get(current.issuer) ?? [], current);
      if (root !== undefined) return spanOf([...chain, root]);
      const next = issuerAmong(others, current) ?? issuerAmong(await fetchIssuers(current), current);
      if (next === undefined) return null;
      chain.push(next);
      current = next;
    }
    return null;
  };

  async function fetchIssuers({ infoAccess }: X509Certificate): Promise<X509Certificate[]> {
    // OCSP - URI:http://ocsp.r2m02.amazontrust.com\nCA Issuers - URI:http://crt.r2m02.amazontrust.com/r2m02.cer
    const url = /^CA Issuers - URI:(\S+)$/m.exec(infoAccess ?? '')?.[1];
    return url !== undefined && mayFetch(url) ? certificatesIn(await fetchCertificate(url)) : [];
  }
}

function issuerAmong(candidates: readonly X509Certificate[], issued: X509Certificate): X509Certificate | undefined {
  return candidates.find((one) => one.ca && issued.checkIssued(one) && issued.verify(one.publicKey));
}

function bySubject(pems: readonly string[]): ReadonlyMap<string, X509Certificate[]> {
  return Map.groupBy(pems.flatMap(certificatesIn), ({ subject }) => subject);
}

/** @returns those that can be read: none where it is no certificate at all */
function certificatesIn(bytes: string | Uint8Array): X509Certificate[] {
  const text = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1');
  const blocks: readonly (string | Uint8Array)[] = text.match(PEM_BLOCK) ?? [bytes];
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

function spanOf(chain: readonly X509Certificate[]): TrustedCertificate {
  return {
    certificate: chain[0]!,
    validFrom: Math.max(...chain.map(({ validFrom }) => Date.parse(validFrom))) * MICROS_PER_MILLI,
    validTo: Math.min(...chain.map(({ validTo }) => Date.parse(validTo))) * MICROS_PER_MILLI,
  };
}
