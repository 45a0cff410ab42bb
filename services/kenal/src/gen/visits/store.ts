import { externalId } from '../event.ts';
import type { Visit } from '../visit.ts';
import { fillBasket, orderProperties } from './order.ts';
import { emailKey, spellEmail } from './spelling.ts';

/** A purchase at the till, known by the loyalty card, by an address for the receipt, or by both. */
export function storeVisit(visit: Visit): void {
  const { random, shopper } = visit;
  const { person } = shopper;
  const order = fillBasket(visit);
  const email = person.emails[0] as string;
  const ids = [];
  const carries: string[] = [];
  if (person.loyaltyCard !== null && random.chance(0.9)) {
    ids.push(externalId('loyalty_card', person.loyaltyCard));
    carries.push(`loyalty_card:${person.loyaltyCard}`);
  }
  if (ids.length === 0 || random.chance(0.4)) {
    ids.push(externalId('email', spellEmail(random, email)));
    carries.push(emailKey(email));
  }
  visit.emit({
    source: 'store',
    type: 'track',
    after: 0,
    name: 'Order Completed',
    properties: {
      ...orderProperties(visit, order),
      payment_status: 'paid',
      store: `store-${random.int(1, 6)}`,
      till: random.int(1, 4),
    },
    context: { externalIds: ids },
    carries,
  });
  shopper.lastOrder = order;
  if (random.chance(0.12)) {
    visit.emit({
      source: 'store',
      type: 'track',
      after: 3 * 86_400,
      name: 'Product Reviewed',
      properties: { product_id: order.lines[0]?.product.sku ?? '', rating: random.int(2, 5), order_id: order.id },
      context: { externalIds: ids },
      carries,
    });
  }
}
