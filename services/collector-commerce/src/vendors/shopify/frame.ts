import { type Delivery, type Headers, type KenalEvent, type Outcome, refused, textOf } from '@kenal/collector-kit';

/** A delivery of Shopify with what its headers say. */
export interface ShopifyFrame {
  readonly source: Delivery['source'];
  readonly topic: string;
  /** `a.myshopify.com`: ids repeat between shops. */
  readonly shop: string;
  /** Of this topic and this event of the shop, equal in every retry. */
  readonly messageId: string;
  /** When Shopify made the delivery, for what has no time of its own; equal in every retry. */
  readonly triggeredAt: string | null;
  readonly payload: unknown;
}

export const SHOPIFY_HEADERS = ['topic', 'shop-domain', 'event-id', 'webhook-id', 'triggered-at'].flatMap((name) => [
  `x-shopify-${name}`,
  `shopify-${name}`,
]);

/** @returns fault where no topic is named, or nothing tells this delivery from others */
export function frameOf({ headers, source }: Delivery, payload: unknown): Outcome<ShopifyFrame> {
  const topic = header(headers, 'topic');
  if (topic === null) return refused('event_missing_field', '$.headers.x-shopify-topic', 'the topic of the delivery');
  // One change of the shop has one event id in all its topics
  const id = header(headers, 'event-id') ?? header(headers, 'webhook-id') ?? ownId(payload);
  if (id === null) return refused('event_missing_field', '$.id', 'nor does a header name the delivery');
  const shop = header(headers, 'shop-domain') ?? textOf(payload, 'shop_domain') ?? source.id;
  const triggeredAt = header(headers, 'triggered-at');
  return { ok: true, value: { source, topic, shop, messageId: `${id}.${topic}`, triggeredAt, payload } };
}

function header(headers: Headers, name: string): string | null {
  return textOf(headers, `x-shopify-${name}`) ?? textOf(headers, `shopify-${name}`);
}

function ownId(payload: unknown): string | null {
  const id = textOf(payload, 'id');
  return id === null ? null : `${id}@${textOf(payload, 'updated_at') ?? textOf(payload, 'created_at') ?? ''}`;
}

/** One topic → its events. */
export type TopicMapping = (frame: ShopifyFrame) => Outcome<readonly KenalEvent[]>;
