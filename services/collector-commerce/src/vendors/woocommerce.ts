import { createHash } from 'node:crypto';
import {
  at,
  type Delivery,
  decimalOf,
  type JsonRecord,
  type KenalEvent,
  known,
  listOf,
  type Outcome,
  recordOf,
  textOf,
  type Vendor,
} from '@kenal/collector-kit';
import { unsigned } from '../events/amounts.ts';
import { required } from '../events/required.ts';
import { type Subject, subjectOf } from '../events/subject.ts';
import { identify, track } from '../events/track.ts';

/** Statuses of an order that nobody has paid for yet: no sale. on-hold waits for a transfer or cheque. */
const UNPAID: ReadonlySet<string> = new Set(['pending', 'checkout-draft']);
const CANCELLED: ReadonlySet<string> = new Set(['cancelled', 'trash']);

type Mapping = (payload: unknown, frame: Frame) => Outcome<readonly KenalEvent[]>;

interface Frame {
  readonly delivery: Delivery;
  readonly topic: string;
  readonly id: string;
  /** `www.shop.example`: ids repeat between shops. */
  readonly shop: string;
}

const TOPICS: Readonly<Record<string, Mapping>> = {
  'order.created': order,
  'order.updated': order,
  'order.restored': order,
  'customer.created': customer,
  'customer.updated': customer,
};

/** developer.woocommerce.com/docs/apis/rest-api/v3/{webhooks,orders,customers} */
export const woocommerce: Vendor = {
  kind: 'woocommerce',
  headers: ['x-wc-webhook-topic', 'x-wc-webhook-source'],
  // Where a webhook is made, and the shop does not save it before this is answered: a form that nobody signs
  unsigned: (body) =>
    body.length < 64 && /^webhook_id=\d+$/.test(body.toString('latin1'))
      ? { status: 200, contentType: 'text/plain; charset=utf-8', body: 'ok' }
      : null,
  map(item, delivery) {
    const topic = delivery.headers['x-wc-webhook-topic'] ?? '';
    if (!Object.hasOwn(TOPICS, topic)) return { ok: true, value: [] };
    const id = required(item, 'id');
    if (!id.ok) return id;
    return TOPICS[topic]!(item, { delivery, topic, id: id.value, shop: shopOf(delivery) });
  },
};

function order(payload: unknown, frame: Frame): Outcome<readonly KenalEvent[]> {
  const { id, topic } = frame;
  const status = textOf(payload, 'status') ?? '';
  const created = topic === 'order.created';
  const changedAt =
    utc(payload, created ? 'date_created_gmt' : 'date_modified_gmt') ?? utc(payload, 'date_created_gmt');
  const event = eventFor(status, created);
  const isSnapshot = event === 'Order Completed' || event === 'Order Updated';
  const till = textOf(payload, 'created_via') === 'pos-rest-api';
  const made = track({
    messageId: `${topic}.${id}.${digest(payload)}`,
    event,
    timestamp: changedAt,
    subject: buyerOf(payload, frame),
    ...(till ? { channel: 'store' } : {}),
    ...(event === 'Order Cancelled' ? { direction: 'outbound' } : {}),
    properties: { ...idsOf(payload, id), status, ...(isSnapshot ? basketOf(payload) : {}) },
  });
  return { ok: true, value: [made, ...refundsOf(payload, frame)] };
}

function eventFor(status: string, created: boolean): string {
  if (CANCELLED.has(status)) return 'Order Cancelled';
  if (status === 'failed') return 'Payment Failed';
  if (UNPAID.has(status)) return created ? 'Checkout Started' : 'Checkout Updated';
  return created ? 'Order Completed' : 'Order Updated';
}

/**
 * Refunds come with every later word on their order, and without a date: each has an id of its own, and the order's date,
 * so that all copies are alike. When we heard of it first is its `received_at`.
 */
function refundsOf(payload: unknown, frame: Frame): KenalEvent[] {
  return listOf(payload, 'refunds').flatMap((refund) => {
    const id = textOf(refund, 'id');
    const total = unsigned(at(refund, 'total'));
    if (id === null || total === null) return [];
    const made = track({
      messageId: `refund.${id}`,
      event: 'Order Refunded',
      timestamp: utc(payload, 'date_created_gmt'),
      subject: buyerOf(payload, frame),
      direction: 'outbound',
      properties: {
        ...idsOf(payload, frame.id),
        refund_id: id,
        total,
        currency: textOf(payload, 'currency'),
        reason: textOf(refund, 'reason'),
      },
    });
    return [made];
  });
}

function customer(payload: unknown, frame: Frame): Outcome<readonly KenalEvent[]> {
  const { delivery, id, shop, topic } = frame;
  const { phone, address } = billingOf(payload);
  const traits = {
    email: textOf(payload, 'email'),
    phone,
    firstName: textOf(payload, 'first_name'),
    lastName: textOf(payload, 'last_name'),
    username: textOf(payload, 'username'),
    address,
  };
  const subject = subjectOf(delivery.source, traits, { type: 'woocommerce_id', value: `${shop}/${id}` });
  const timestamp = utc(payload, 'date_modified_gmt') ?? utc(payload, 'date_created_gmt');
  return { ok: true, value: [identify({ messageId: `${topic}.${id}.${digest(payload)}`, timestamp, subject })] };
}

/** Whoever pays; a guest has no customer. */
function buyerOf(payload: unknown, { delivery, shop }: Frame): Subject {
  const customerId = textOf(payload, 'customer_id');
  const id = customerId === null || customerId === '0' ? null : customerId;
  const reference = id === null ? null : { type: 'woocommerce_id', value: `${shop}/${id}` };
  return subjectOf(delivery.source, billingOf(payload), reference);
}

function billingOf(payload: unknown): JsonRecord {
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

function idsOf(payload: unknown, id: string): JsonRecord {
  return { order_id: id, order_number: textOf(payload, 'number') };
}

/** `total` is what was paid, before refunds. A line's price is what WooCommerce rounds it to, after discounts. */
function basketOf(payload: unknown): JsonRecord {
  return {
    total: decimalOf(at(payload, 'total')),
    shipping: decimalOf(at(payload, 'shipping_total')),
    tax: decimalOf(at(payload, 'total_tax')),
    discount: decimalOf(at(payload, 'discount_total')),
    currency: textOf(payload, 'currency'),
    coupon: textOf(payload, 'coupon_lines', 0, 'code'),
    payment_method: textOf(payload, 'payment_method'),
    products: listOf(payload, 'line_items').map((line) =>
      known({
        product_id: textOf(line, 'product_id'),
        sku: textOf(line, 'sku'),
        name: textOf(line, 'name'),
        quantity: at(line, 'quantity'),
        price: decimalOf(at(line, 'price')),
      }),
    ),
  };
}

/** `2020-03-11T19:54:40`, which is UTC */
function utc(payload: unknown, field: string): string | null {
  const text = textOf(payload, field);
  return text === null || /[zZ]$/.test(text) ? text : `${text}Z`;
}

/** Two changes of one second are two events; the very same bytes again are one. */
function digest(payload: unknown): string {
  return createHash('sha256').update(JSON.stringify(payload)).digest('base64url').slice(0, 16);
}

function shopOf({ headers, source }: Delivery): string {
  const address = headers['x-wc-webhook-source'];
  return address !== undefined && URL.canParse(address) ? new URL(address).host : source.id;
}
