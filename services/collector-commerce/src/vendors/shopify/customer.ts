import { recordOf, required, textOf } from '@kenal/collector-kit';
import { type Subject, subjectOf } from '../../events/subject.ts';
import { identify } from '../../events/track.ts';
import type { ShopifyFrame, TopicMapping } from './frame.ts';

/** customers/create, customers/update. */
export const customer: TopicMapping = (frame) => {
  const { messageId, payload, triggeredAt } = frame;
  const id = required(payload, 'id');
  if (!id.ok) return id;
  const timestamp = textOf(payload, 'updated_at') ?? textOf(payload, 'created_at') ?? triggeredAt;
  return { ok: true, value: [identify({ messageId, timestamp, subject: customerOf(frame, payload) })] };
};

/** A customer as it stands in its own topics, in orders and in checkouts. */
export function customerOf({ source, shop }: ShopifyFrame, given: unknown): Subject {
  const id = textOf(given, 'id');
  const traits = {
    email: textOf(given, 'email'),
    phone: textOf(given, 'phone'),
    firstName: textOf(given, 'first_name'),
    lastName: textOf(given, 'last_name'),
    address: addressOf(recordOf(given, 'default_address')),
  };
  return subjectOf(source, traits, id === null ? null : { type: 'shopify_id', value: `${shop}/${id}` });
}

/** Whoever bought: the customer, with the address and number that stand on the order itself. */
export function buyerOf(frame: ShopifyFrame, bought: unknown): Subject {
  const { traits, identifiers } = customerOf(frame, recordOf(bought, 'customer'));
  const email = textOf(bought, 'email') ?? textOf(bought, 'contact_email') ?? traits.email;
  const phone = textOf(bought, 'phone') ?? traits.phone;
  return { ...subjectOf(frame.source, { ...traits, email, phone }, null), identifiers };
}

function addressOf(given: unknown): Record<string, string> | null {
  const address = {
    street: [textOf(given, 'address1'), textOf(given, 'address2')].filter((line) => line !== null).join(', '),
    city: textOf(given, 'city') ?? '',
    state: textOf(given, 'province_code') ?? textOf(given, 'province') ?? '',
    postalCode: textOf(given, 'zip') ?? '',
    country: textOf(given, 'country_code') ?? textOf(given, 'country') ?? '',
  };
  const said = Object.entries(address).filter(([, value]) => value !== '');
  return said.length === 0 ? null : Object.fromEntries(said);
}
