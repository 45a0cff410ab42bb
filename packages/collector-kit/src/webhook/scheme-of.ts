import type { SourceConfig, SourceKind } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { customHmac } from '../signature/custom-hmac.ts';
import type { Scheme } from '../signature/scheme.ts';
import { SCHEMES } from '../signature/schemes.ts';

/** By kind: how its vendor signs. Kinds that prove themselves by a write key are missing. */
const BY_KIND: Readonly<Partial<Record<SourceKind, Scheme>>> = {
  'sendgrid-parse': SCHEMES.basic,
  'sendgrid-events': SCHEMES.sendgrid,
  mailgun: SCHEMES.mailgun,
  postmark: SCHEMES.basic,
  ses: SCHEMES.sns,
  twilio: SCHEMES.twilio,
  freeswitch: SCHEMES.basic,
  slack: SCHEMES.slack,
  whatsapp: SCHEMES.meta,
  telegram: SCHEMES.telegram,
  intercom: SCHEMES.intercom,
  zendesk: SCHEMES.zendesk,
  chatwoot: SCHEMES.chatwoot,
  shopify: SCHEMES.shopify,
  woocommerce: SCHEMES.woocommerce,
  stripe: SCHEMES.stripe,
  aftership: SCHEMES.aftership,
};

/**
 * How deliveries of a source are signed.
 * @throws KenalError `bad_config` where its kind signs nothing, or it declares a scheme that could not be held to
 */
export function schemeOf({ id, kind, signature }: SourceConfig): Scheme {
  const scheme = kind === 'custom-hmac' && signature !== undefined ? customHmac(signature) : BY_KIND[kind];
  if (scheme === undefined) throw new KenalError('bad_config', `source ${id}: nothing of kind ${kind} is signed`);
  return scheme;
}
