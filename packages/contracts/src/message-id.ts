import type { SourceKind } from './source-kind.ts';

/**
 * What stands in our id of a vendor's event behind the vendor's own: `CA1.completed`, `<Message-ID>#ann@x.example`,
 * `postmark-open-7|ann@x.example|…`. One thing that the vendor numbers may be several events to us.
 */
export const ID_SEPARATORS = ['.', '#', '|'] as const;

/**
 * What stands before it, by kind. Missing is what ends in more than the kind knows: ids of CloudEvents begin with the
 * event's `source`, those of Chatwoot and Telegram with the account or chat.
 */
export const ID_PREFIXES: Readonly<Partial<Record<SourceKind, readonly string[]>>> = {
  mailgun: ['mailgun-'],
  'sendgrid-events': ['sendgrid-'],
  ses: ['ses-'],
  postmark: ['delivery', 'bounce', 'spamcomplaint', 'open', 'click', 'subscriptionchange'].map(
    (type) => `postmark-${type}-`,
  ),
  intercom: ['part.', 'conversation.'],
  zendesk: ['ticket.'],
  woocommerce: [
    'order.created.',
    'order.updated.',
    'order.restored.',
    'customer.created.',
    'customer.updated.',
    'refund.',
  ],
};

/** An id without the address of a person that may stand at its end: enough to find it by. */
export function withoutAddress(messageId: string): string {
  // m1@x.example#ann@x.example → m1@x.example
  return messageId.replace(/[#|][^#|]*@.*$/s, '');
}
