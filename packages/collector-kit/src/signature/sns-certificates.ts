import type { KeyObject } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { type Clock, MICROS_PER_SECOND, type Micros } from '@kenal/contracts';
import { createChainChecker, type FetchCertificate, type TrustedCertificate } from './chain.ts';
import { certificateAddress, isAmazonCaAddress } from './sns-url.ts';
import { refuse, type Verdict } from './verdict.ts';

export interface SnsCertificatesDeps {
  readonly clock: Clock;
  readonly fetchCertificate: FetchCertificate;
  /** PEM; default: those that Node carries. */
  readonly trustedRoots?: readonly string[] | undefined;
}

type Answer = { readonly key: KeyObject } | { readonly refusal: Verdict };
interface Entry {
  readonly answer: Answer;
  readonly validFrom: Micros;
  readonly validTo: Micros;
}

const MOST_ENTRIES = 64;
const MOST_FETCHES = 4;
const REFUSED_FOR = 60 * MICROS_PER_SECOND;
const LEAST_RSA_BITS = 2_048;

/**
 * Public keys of SNS by the address of their certificate. Each is fetched once while it is valid; a refusal is
 * remembered for a minute, and few are fetched at a time, so that nobody makes us call Amazon for every request.
 */
export function createSnsCertificates({
  clock,
  fetchCertificate,
  trustedRoots = rootCertificates,
}: SnsCertificatesDeps) {
  const check = createChainChecker({ trustedRoots, fetchCertificate, mayFetch: isAmazonCaAddress });
  const trusted = new Map<string, Entry>();
  const refused = new Map<string, Entry>();
  const running = new Map<string, Promise<Answer>>();

  return async (address: string): Promise<Answer> => {
    const url = certificateAddress(address);
    if (url === null) return { refusal: refuse('signature_invalid', 'SigningCertURL does not lead to Amazon SNS') };
    const now = clock();
    const known = trusted.get(url.href) ?? refused.get(url.href);
    if (known !== undefined && known.validFrom <= now && now < known.validTo) return known.answer;
    const fetching = running.get(url.href);
    if (fetching !== undefined) return fetching;
    if (running.size >= MOST_FETCHES)
      return { refusal: refuse('unavailable', 'too many certificates are being fetched; send it again') };
    const answer = fetchAndKeep(url).finally(() => running.delete(url.href));
    running.set(url.href, answer);
    return answer;
  };

  async function fetchAndKeep(url: URL): Promise<Answer> {
    const entry = await fetchEntry(url);
    trusted.delete(url.href);
    refused.delete(url.href);
    keep('key' in entry.answer ? trusted : refused, url.href, entry);
    return entry.answer;
  }

  async function fetchEntry(url: URL): Promise<Entry> {
    const refusal = (code: 'unavailable' | 'signature_invalid', detail: string): Entry => ({
      answer: { refusal: refuse(code, detail) },
      validFrom: clock(),
      validTo: clock() + REFUSED_FOR,
    });
    try {
      const found = await check(await fetchCertificate(url.href));
      const fault = faultOf(found, url, clock());
      return found !== null && fault === null
        ? { answer: { key: found.certificate.publicKey }, validFrom: found.validFrom, validTo: found.validTo }
        : refusal('signature_invalid', fault!);
    } catch (error) {
      const why = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
      return refusal('unavailable', `the certificate of Amazon SNS could not be fetched${why}; send it again`);
    }
  }
}

function faultOf(found: TrustedCertificate | null, url: URL, now: Micros): string | null {
  if (found === null) return 'the signing certificate does not lead to a trusted root';
  if (now < found.validFrom || now >= found.validTo) return 'the signing certificate, or its issuer, is not valid now';
  const { certificate } = found;
  if (!namesOf(url).some((name) => certificate.checkHost(name) !== undefined))
    return 'the signing certificate is not one of Amazon SNS';
  // A key of another kind has no modulus
  return (certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_RSA_BITS
    ? null
    : 'the signing certificate holds no RSA key of 2048 bits or more';
}

/** Names that AWS gives its signing certificates: one for all, per region with a dot, per region with a hyphen. */
function namesOf({ hostname }: URL): string[] {
  return ['sns.amazonaws.com', hostname, hostname.replace(/^sns\./, 'sns-')];
}

function keep(entries: Map<string, Entry>, key: string, entry: Entry): void {
  if (entries.size >= MOST_ENTRIES) entries.delete(entries.keys().next().value!);
  entries.set(key, entry);
}
