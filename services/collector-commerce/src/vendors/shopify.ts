import { NOTHING, type Vendor } from '@kenal/collector-kit';
import { customer } from './shopify/customer.ts';
import { frameOf, SHOPIFY_HEADERS, type TopicMapping } from './shopify/frame.ts';
import { checkout, orderCancelled, orderCompleted, orderFulfilled, orderPaid, orderUpdated } from './shopify/order.ts';
import { PRIVACY_REQUESTED, privacy } from './shopify/privacy.ts';
import { refund } from './shopify/refund.ts';
import { returned } from './shopify/return.ts';
import { shipment } from './shopify/shipment.ts';

/** By topic (shopify.dev/docs/api/webhooks); all others say nothing of a customer. */
const TOPICS: Readonly<Record<string, TopicMapping>> = {
  'orders/create': orderCompleted,
  'orders/updated': orderUpdated,
  'orders/paid': orderPaid,
  'orders/cancelled': orderCancelled,
  'orders/fulfilled': orderFulfilled('Order Fulfilled'),
  'orders/partially_fulfilled': orderFulfilled('Order Partially Fulfilled'),
  'refunds/create': refund,
  'returns/request': returned('Return Requested'),
  'returns/approve': returned('Return Approved'),
  'returns/decline': returned('Return Declined'),
  'returns/cancel': returned('Return Cancelled'),
  'returns/close': returned('Return Closed'),
  'returns/reopen': returned('Return Reopened'),
  'returns/update': returned('Return Updated'),
  'returns/process': returned('Return Processed'),
  'checkouts/create': checkout('Checkout Started'),
  'checkouts/update': checkout('Checkout Updated'),
  'customers/create': customer,
  'customers/update': customer,
  'fulfillments/create': shipment('Shipment Created'),
  'fulfillments/update': shipment('Shipment Updated'),
  'customers/data_request': privacy('data_request'),
  'customers/redact': privacy('redact'),
  'shop/redact': privacy('shop_redact'),
};

export const shopify: Vendor = {
  kind: 'shopify',
  headers: SHOPIFY_HEADERS,
  map(item, delivery) {
    const frame = frameOf(delivery, item);
    if (!frame.ok) return frame;
    const { topic } = frame.value;
    return Object.hasOwn(TOPICS, topic) ? TOPICS[topic]!(frame.value) : NOTHING;
  },
  task: ({ event, properties }) =>
    event === PRIVACY_REQUESTED ? `Shopify asks for ${properties?.kind}: answer it within 30 days` : null,
};
