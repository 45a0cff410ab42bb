import { readdirSync, readFileSync } from 'node:fs';
import type { Headers } from '@kenal/collector-kit';
import type { SourceKind } from '@kenal/contracts';
import type { Loose } from '../../support/loose.ts';

/** A body as a vendor sends it, with what of its headers is read. */
export interface RawDelivery {
  /** `shopify orders/create` */
  readonly name: string;
  readonly kind: SourceKind;
  readonly headers: Headers;
  readonly body: Buffer;
}

type Json = Loose;

/** All deliveries of the collectors' vendor fixtures, those of one form under each topic that has it. */
export function vendorDeliveries(): RawDelivery[] {
  return [...shopify(), ...woocommerce(), ...stripe(), ...aftership(), ...chats(), ...calls(), ...mails()];
}

const FIXTURES = (collector: string): URL =>
  new URL(`../../../services/collector-${collector}/src/vendors/fixtures/`, import.meta.url);
const text = (collector: string, file: string): string => readFileSync(new URL(file, FIXTURES(collector)), 'utf8');
const json = (collector: string, name: string): Json => JSON.parse(text(collector, `${name}.json`));

function delivery(kind: SourceKind, what: string, body: Json, headers: Headers = {}): RawDelivery {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return { name: `${kind} ${what}`, kind, headers, body: bytes };
}

/** Fixture → the topics that have its form. */
const SHOPIFY: Readonly<Record<string, readonly string[]>> = {
  order: ['create', 'updated', 'paid', 'cancelled', 'fulfilled', 'partially_fulfilled'].map((one) => `orders/${one}`),
  refund: ['refunds/create'],
  return: ['request', 'approve', 'decline', 'cancel', 'close', 'reopen', 'update', 'process'].map(
    (one) => `returns/${one}`,
  ),
  checkout: ['checkouts/create', 'checkouts/update'],
  customer: ['customers/create', 'customers/update'],
  fulfillment: ['fulfillments/create', 'fulfillments/update'],
  privacy: ['customers/data_request', 'customers/redact', 'shop/redact'],
};
const PARCEL = [
  ...['in_transit', 'out_for_delivery', 'attempted_delivery', 'ready_for_pickup', 'delivered', 'failure'],
  ...['label_printed', 'confirmed'],
];

function shopify(): RawDelivery[] {
  return Object.entries(SHOPIFY).flatMap(([fixture, topics]) => {
    const { headers, body } = json('commerce', `shopify-${fixture}`);
    const bodies = fixture === 'fulfillment' ? PARCEL.map((status) => ({ ...body, shipment_status: status })) : [];
    return topics.flatMap((topic) =>
      [body, { ...body, shipment_status: null }, { ...body, status: 'cancelled' }, ...bodies].map((one) =>
        delivery('shopify', topic, one, { ...headers, 'x-shopify-topic': topic }),
      ),
    );
  });
}

function woocommerce(): RawDelivery[] {
  const statuses = ['pending', 'processing', 'completed', 'failed', 'cancelled', 'refunded', 'trash'];
  return ['order', 'refunded', 'customer'].flatMap((fixture) => {
    const { headers, body } = json('commerce', `woocommerce-${fixture}`);
    const [resource] = headers['x-wc-webhook-topic'].split('.');
    return ['created', 'updated', 'restored'].flatMap((change) =>
      [body, ...statuses.map((status) => ({ ...body, status }))].map((one) => {
        const topic = `${resource}.${change}`;
        return delivery('woocommerce', `${topic} ${one.status}`, one, { ...headers, 'x-wc-webhook-topic': topic });
      }),
    );
  });
}

/** Fixture → the types whose object it shows. */
const STRIPE: Readonly<Record<string, readonly string[]>> = {
  checkout: ['completed', 'async_payment_succeeded', 'async_payment_failed'].map((one) => `checkout.session.${one}`),
  payment: ['payment_intent.succeeded', 'payment_intent.payment_failed'],
  refund: [
    ...['charge.succeeded', 'charge.failed', 'charge.refunded'],
    ...['refund.created', 'refund.updated', 'refund.failed'],
  ],
  dispute: ['created', 'updated', 'closed', 'funds_withdrawn', 'funds_reinstated'].map(
    (one) => `charge.dispute.${one}`,
  ),
  invoice: ['invoice.finalized', 'invoice.paid', 'invoice.payment_failed'],
  subscription: ['created', 'updated', 'deleted', 'paused', 'resumed'].map((one) => `customer.subscription.${one}`),
  customer: ['customer.created', 'customer.updated'],
};

function stripe(): RawDelivery[] {
  return Object.entries(STRIPE).flatMap(([fixture, types]) => {
    const { body } = json('commerce', `stripe-${fixture}`);
    const { object, previous_attributes } = body.data;
    const objects = [
      object,
      { ...object, metadata: { order_id: '1001' }, due_date: body.created },
      { ...object, invoice: 'in_1', payment_intent: null, status: 'incomplete' },
      { ...object, status: 'active' },
    ];
    const befores = [previous_attributes, { status: 'incomplete' }, { current_period_start: 1 }, {}];
    return types.flatMap((type) =>
      objects.flatMap((object) =>
        befores.map((previous_attributes) =>
          delivery('stripe', type, { ...body, type, data: { object, previous_attributes } }),
        ),
      ),
    );
  });
}

function aftership(): RawDelivery[] {
  const tags = [
    ...['Pending', 'InfoReceived', 'InTransit', 'OutForDelivery', 'AvailableForPickup', 'AttemptFail', 'Delivered'],
    ...['Exception', 'Expired', 'Another'],
  ];
  return ['tracking', 'emails'].flatMap((fixture) => {
    const { body } = json('commerce', `aftership-${fixture}`);
    const told = tags.map((tag) => ({ ...body, msg: { ...body.msg, tag } }));
    return [...told, { ...body, event: 'edd_revise' }].map((one) => delivery('aftership', one.msg.tag, one));
  });
}

function chats(): RawDelivery[] {
  const kinds = ['slack', 'whatsapp', 'telegram', 'intercom', 'zendesk', 'chatwoot'] as const;
  return kinds.flatMap((kind) => {
    const { _source, ...bodies } = json('chat', `${kind}-deliveries`);
    const headers = { 'x-zendesk-account-id': '22129848' };
    const told = Object.entries(bodies).map(([what, body]) => delivery(kind, what, body, headers));
    return kind === 'intercom' ? [...told, ...intercomTopics(bodies)] : told;
  });
}

function intercomTopics(bodies: Json): RawDelivery[] {
  const closed = bodies['two customers, an agent closes with words'];
  const item = { ...closed.data.item, conversation_rating: { rating: 4, remark: 'quick' } };
  return ['conversation.admin.opened', 'conversation.rating.added'].map((topic) =>
    delivery('intercom', topic, { ...closed, topic, data: { ...closed.data, item } }),
  );
}

function calls(): RawDelivery[] {
  const lines = (file: string): string[] =>
    text('phone', file)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
  const whole = (file: string): string => lines(file).join('\n');
  return [
    ...['twilio-inbound.txt', 'twilio-outbound.txt'].flatMap(lines).map((form) => delivery('twilio', 'callback', form)),
    delivery('asterisk', 'Master.csv', `${whole('asterisk-master.csv')}\n`),
    ...['a', 'b'].map((leg) => delivery('freeswitch', `${leg} leg`, whole(`freeswitch-${leg}-leg.json`))),
    delivery('connect', 'contact record', whole('connect-contact.json')),
  ];
}

function mails(): RawDelivery[] {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const fields = (name: string): string => new URLSearchParams(json('email', name).fields).toString();
  const events = (name: string): Json[] => json('email', name).events;
  const { mail, events: ofSes } = json('email', 'ses-events');
  const notified = (message: Json): Json => ({ Type: 'Notification', Message: JSON.stringify(message) });
  const folder = new URL('../../mail/fixtures/', FIXTURES('email'));
  const letters = readdirSync(folder).filter((file) => file.endsWith('.eml'));
  return [
    ...letters.map((file) => delivery('smtp', file, readFileSync(new URL(file, folder), 'latin1'))),
    delivery('sendgrid-parse', 'mail', fields('sendgrid-parse'), form),
    delivery('sendgrid-events', 'events', events('sendgrid-events')),
    delivery('mailgun', 'mail', fields('mailgun-route'), form),
    ...events('mailgun-events').map((one) => delivery('mailgun', one.event, { 'event-data': one })),
    delivery('postmark', 'mail', json('email', 'postmark-inbound')),
    ...events('postmark-events').map((one) => delivery('postmark', one.RecordType, one)),
    ...ofSes.map((one: Json) => delivery('ses', one.eventType, notified({ ...one, mail }))),
  ];
}
