import { type Delivery, type Headers, type Mapped, type Outcome, refused, textOf } from '@kenal/collector-kit';
import { digest } from '../../events/digest.ts';

/** A delivery of Shopify with what its headers say. */
export interface ShopifyFrame {
  readonly source: Delivery['source'];
  readonly topic: string;
  /** `a.myshopify.com`: ids repeat between shops. */
  readonly shop: string;
  /**
   * Of what is signed, and the topic: a retry has the same body, two topics may share one. The ids that stand in headers
   * are signed by nobody: under new ones a captured body would be a new event for ever.
   */
  readonly messageId: string;
  /** When Shopify made the delivery, for what has no time of its own; equal in every retry. */
  readonly triggeredAt: string | null;
  readonly payload: unknown;
}

export const SHOPIFY_HEADERS = ['topic', 'shop-domain', 'triggered-at'].flatMap((name) => [
  `x-shopify-${name}`,
  `shopify-${name}`,
]);

/** @returns fault where no topic is named */
export function frameOf({ headers, source }: Delivery, payload: unknown): Outcome<ShopifyFrame> {
  const topic = header(headers, 'topic');
  if (topic === null) return refused('event_missing_field', '$.headers.x-shopify-topic', 'the topic of the delivery');
  const messageId = [textOf(payload, 'id'), digest(payload), topic].filter((part) => part !== null).join('.');
  const shop = header(headers, 'shop-domain') ?? textOf(payload, 'shop_domain') ?? source.id;
  const triggeredAt = header(headers, 'triggered-at');
  return { ok: true, value: { source, topic, shop, messageId, triggeredAt, payload } };
}

function header(headers: Headers, name: string): string | null {
  return textOf(headers, `x-shopify-${name}`) ?? textOf(headers, `shopify-${name}`);
}

/** One topic → its events. */
export type TopicMapping = (frame: ShopifyFrame) => Mapped;
