const SNS_HOST = /^sns\.[a-z0-9-]{3,40}\.amazonaws\.com(?:\.cn)?$/;
const AMAZON_CA_HOST = /^[a-z0-9.-]{1,60}\.amazontrust\.com$/;

/**
 * Whether an address leads to Amazon SNS and nowhere else: https, host exactly `sns.<region>.amazonaws.com(.cn)`, no
 * user, no port. For `SigningCertURL`, and for a collector before it calls a `SubscribeURL`.
 * @returns the parsed address, or null
 */
export function snsAddress(text: string): URL | null {
  const url = URL.parse(text);
  return url !== null && url.protocol === 'https:' && SNS_HOST.test(url.hostname) && isBare(url) ? url : null;
}

/** @returns the parsed address where it is one of a certificate of SNS, or null */
export function certificateAddress(text: string): URL | null {
  const url = snsAddress(text);
  return url?.pathname.endsWith('.pem') && url.search === '' && url.hash === '' ? url : null;
}

/** Whether an intermediate certificate may be fetched from there; plain http is usual, the chain is what proves it. */
export function isAmazonCaAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && AMAZON_CA_HOST.test(url.hostname) && isBare(url);
}

function isBare({ username, password, port }: URL): boolean {
  return username === '' && password === '' && port === '';
}
