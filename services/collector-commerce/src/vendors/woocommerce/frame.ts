import { type Delivery, type JsonRecord, known, type Mapped, recordOf, textOf } from '@kenal/collector-kit';

/** One topic → its events. */
export type WooMapping = (payload: unknown, frame: Frame) => Mapped;

/** A delivery of WooCommerce with what its headers say. */
export interface Frame {
  readonly delivery: Delivery;
  readonly topic: string;
  readonly id: string;
  /** `www.shop.example`: ids repeat between shops. */
  readonly shop: string;
}

/** Whoever pays, as traits. */
export function billingOf(payload: unknown): JsonRecord {
  const billing = recordOf(payload, 'billing');
  const address = known({
    street: [textOf(billing, 'address_1'), textOf(billing, 'address_2')].filter((line) => line !== null).join(', '),
    city: textOf(billing, 'city'),
    state: textOf(billing, 'state'),
    postalCode: textOf(billing, 'postcode'),
    country: textOf(billing, 'country'),
  });
  return known({
    email: textOf(billing, 'email'),
    phone: textOf(billing, 'phone'),
    firstName: textOf(billing, 'first_name'),
    lastName: textOf(billing, 'last_name'),
    company: textOf(billing, 'company'),
    address: Object.keys(address).length === 0 ? null : address,
  });
}

/** `2020-03-11T19:54:40`, which is UTC */
export function utc(payload: unknown, field: string): string | null {
  const text = textOf(payload, field);
  return text === null || /[zZ]$/.test(text) ? text : `${text}Z`;
}
