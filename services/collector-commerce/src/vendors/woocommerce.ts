import { type Delivery, NOTHING, required, type Vendor } from '@kenal/collector-kit';
import { customer } from './woocommerce/customer.ts';
import type { WooMapping } from './woocommerce/frame.ts';
import { order } from './woocommerce/order.ts';

/** By topic; all others say nothing of a customer, or take back what was told. */
const TOPICS: Readonly<Record<string, WooMapping>> = {
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
    if (!Object.hasOwn(TOPICS, topic)) return NOTHING;
    const id = required(item, 'id');
    if (!id.ok) return id;
    return TOPICS[topic]!(item, { delivery, topic, id: id.value, shop: shopOf(delivery) });
  },
};

function shopOf({ headers, source }: Delivery): string {
  const address = headers['x-wc-webhook-source'];
  return address !== undefined && URL.canParse(address) ? new URL(address).host : source.id;
}
