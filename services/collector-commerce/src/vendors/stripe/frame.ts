import { at, type Mapped, type Outcome, recordOf, refused, type Source, textOf } from '@kenal/collector-kit';
import type { Identifier } from '@kenal/contracts';
import { type Subject, subjectOf } from '../../events/subject.ts';

/** An event of Stripe (docs.stripe.com/api/events), opened. */
export interface StripeFrame {
  readonly source: Source;
  /** `evt_…`, equal in every retry. */
  readonly id: string;
  readonly type: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly object: Record<string, unknown>;
  /** What an update changed, as it was before. */
  readonly previous: Record<string, unknown>;
  /** Connected account, for platforms. */
  readonly account: string | null;
  /** Made with a test key. */
  readonly isTest: boolean;
}

export type StripeMapping = (frame: StripeFrame) => Mapped;

/** Where shops write the number of their own order: whoever sells by Stripe alone writes none. */
const ORDER_FIELDS = ['order_id', 'orderId', 'order', 'order_number'];

/** @returns null where Stripe alone knows the order */
export function shopOrderOf(object: unknown): string | null {
  for (const field of ORDER_FIELDS) {
    const id = textOf(object, 'metadata', field);
    if (id !== null) return id;
  }
  return null;
}

/** An id where it stands plain, or in the object that was expanded there: `cus_1`, `{id: 'cus_1', …}` */
export function idOf(value: unknown, ...path: readonly string[]): string | null {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : textOf(found, 'id');
}

/** Of the object that the event is about. @returns fault `event_missing_field` */
export function objectId({ object }: StripeFrame): Outcome<string> {
  const id = idOf(object, 'id');
  return id === null ? refused('event_missing_field', '$.data.object.id') : { ok: true, value: id };
}

/** The customer of a payment, an invoice, a subscription, with what the form that was paid by says. */
export function payerOf({ source, account, object }: StripeFrame, details: unknown): Subject {
  const traits = {
    email: textOf(details, 'email'),
    phone: textOf(details, 'phone'),
    name: textOf(details, 'name'),
    address: addressOf(recordOf(details, 'address')),
  };
  return subjectOf(source, traits, referenceOf(account ?? source.id, idOf(object, 'customer')));
}

export function referenceOf(account: string, id: string | null): Identifier | null {
  return id === null ? null : { type: 'stripe_id', value: `${account}/${id}` };
}

export function addressOf(given: unknown): Record<string, string> | null {
  const address = {
    street: [textOf(given, 'line1'), textOf(given, 'line2')].filter((line) => line !== null).join(', '),
    city: textOf(given, 'city') ?? '',
    state: textOf(given, 'state') ?? '',
    postalCode: textOf(given, 'postal_code') ?? '',
    country: textOf(given, 'country') ?? '',
  };
  const said = Object.entries(address).filter(([, value]) => value !== '');
  return said.length === 0 ? null : Object.fromEntries(said);
}
