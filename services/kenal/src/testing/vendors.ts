import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Loose } from '../../../../test/support/loose.ts';

/** What all vendors of a test share with us. Of postmark it is the password. */
export const SECRET = 'whsec_shared';

/** Bodies of every form, which the test changes at will. */
export type Body = Loose;

/** One call of a vendor's: `body` as JSON, of Twilio as a form. */
export interface VendorCall {
  readonly kind: 'aftership' | 'intercom' | 'postmark' | 'shopify' | 'stripe' | 'telegram' | 'twilio' | 'zendesk';
  readonly body: Body;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A JSON fixture of a collector's vendors: `fixtureOf('commerce', 'shopify-order')`. */
export function fixtureOf(collector: string, name: string): Body {
  const path = new URL(`../../../collector-${collector}/src/vendors/fixtures/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8'));
}

/**
 * Deliver it, signed as of now.
 * @param url address of the source's hook
 * @param again under another signature than the first time (not of Twilio), so that only its ids tell that it came before
 */
export function deliver(url: string, { kind, body, headers = {} }: VendorCall, again = false): Promise<Response> {
  const isForm = kind === 'twilio';
  const text = isForm ? new URLSearchParams(body).toString() : JSON.stringify(body, null, again ? 1 : 0);
  const contentType = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
  const proof = SIGN[kind]({ url, text, body, seconds: Math.floor(Date.now() / 1_000) });
  return fetch(url, { method: 'POST', body: text, headers: { 'content-type': contentType, ...headers, ...proof } });
}

interface Signed {
  readonly url: string;
  readonly text: string;
  readonly body: Body;
  /** Of the vendor's clock. */
  readonly seconds: number;
}

const hmac = (text: string, encoding: 'base64' | 'hex' = 'base64', hash = 'sha256'): string =>
  createHmac(hash, SECRET).update(text).digest(encoding);

/** What each vendor proves itself by, from its documentation. */
const SIGN: Readonly<Record<VendorCall['kind'], (signed: Signed) => Record<string, string>>> = {
  aftership: ({ text }) => ({ 'aftership-hmac-sha256': hmac(text) }),
  intercom: ({ text }) => ({ 'x-hub-signature': `sha1=${hmac(text, 'hex', 'sha1')}` }),
  postmark: () => ({ authorization: `Basic ${btoa(`postmark:${SECRET}`)}` }),
  shopify: ({ text }) => ({ 'x-shopify-hmac-sha256': hmac(text) }),
  stripe: ({ text, seconds }) => ({ 'stripe-signature': `t=${seconds},v1=${hmac(`${seconds}.${text}`, 'hex')}` }),
  telegram: () => ({ 'x-telegram-bot-api-secret-token': SECRET }),
  twilio: ({ url, body }) => {
    const form = Object.entries(body).sort().flat().join('');
    return { 'x-twilio-signature': hmac(url + form, 'base64', 'sha1') };
  },
  zendesk: ({ text, seconds }) => {
    const at = new Date(seconds * 1_000).toISOString().replace('.000', '');
    const headers = { 'x-zendesk-webhook-signature-timestamp': at, 'x-zendesk-account-id': '22129848' };
    return { ...headers, 'x-zendesk-webhook-signature': hmac(at + text) };
  },
};
