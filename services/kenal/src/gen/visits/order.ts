import type { Properties } from '../event.ts';
import { type Draft, money, type Order, type OrderLine, type Visit } from '../visit.ts';
import { sendParcel } from './parcel.ts';
import { payOrder } from './payment.ts';

export function fillBasket(visit: Visit): Order {
  const { random, catalogue, shopper } = visit;
  const lines: OrderLine[] = [];
  const count = 1 + Math.min(6, Math.floor(random.exponential(1.6)));
  for (let index = 0; index < count; index++) {
    const product = catalogue.draw(random, shopper.person.favourites);
    if (lines.some((line) => line.product === product)) continue;
    lines.push({ product, quantity: 1 + Math.min(9, Math.floor(random.exponential(0.7))) });
  }
  const cents = lines.reduce((sum, line) => sum + line.product.cents * line.quantity, 0);
  return { id: `SO-${visit.serial()}`, lines, cents };
}

export function orderProperties(visit: Visit, order: Order): Properties {
  return {
    order_id: order.id,
    total: money(order.cents),
    revenue: money(order.cents),
    currency: visit.currency,
    products: order.lines.map(({ product, quantity }) => ({
      product_id: product.sku,
      sku: product.sku,
      name: product.name,
      category: product.category,
      price: money(product.cents),
      quantity,
    })),
  };
}

type Who = Pick<Draft, 'userId' | 'anonymousId' | 'context' | 'carries'>;

/**
 * The shop's back office reports the order, and later what became of it: paid, sent, and sometimes refunded, whole or in part.
 * @param who identifiers that the order system knows the buyer by
 */
export function reportOrder(visit: Visit, after: number, order: Order, who: Who): void {
  const { random, shopper } = visit;
  const day = 86_400;
  const event = (seconds: number, name: string, properties: Properties): void =>
    visit.emit({ source: 'shop', type: 'track', after: after + seconds, name, properties, ...who });
  event(2, 'Order Completed', orderProperties(visit, order));
  shopper.lastOrder = order;
  payOrder(visit, after, order, event);
  sendParcel(visit, after, order.id, event);
  if (!random.chance(0.07)) return;
  const kept = random.chance(0.5) ? order.lines.slice(0, 1) : order.lines;
  const cents = kept.reduce((sum, line) => sum + line.product.cents * line.quantity, 0);
  event(day * (4 + 10 * random.next()), 'Order Refunded', {
    ...orderProperties(visit, { id: order.id, lines: kept, cents }),
    reason: random.pick(['damaged', 'wrong size', 'changed my mind', 'arrived late']),
  });
  shopper.lastOrder = null;
}
