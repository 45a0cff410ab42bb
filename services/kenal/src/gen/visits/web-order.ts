import type { Device } from '../people.ts';
import { money, type Visit } from '../visit.ts';
import { fillBasket, reportOrder } from './order.ts';
import { emailKey, spellEmail } from './spelling.ts';
import { nameOf, signIn } from './web-account.ts';
import { createTeller, identity } from './web-teller.ts';

/** Fill a basket and pay. @param begin seconds since the visit began @returns when it is done */
export function buy(visit: Visit, device: Device, begin: number): number {
  const { random, shopper, currency } = visit;
  const { person } = shopper;
  let clock = begin;
  if (shopper.registered && !shopper.signedIn.has(device)) clock = signIn(visit, device, clock);
  const order = fillBasket(visit);
  const tell = createTeller(visit, device);
  for (const { product, quantity } of order.lines) {
    clock += 5 + random.exponential(30);
    const properties = { product_id: product.sku, name: product.name, price: money(product.cents), quantity };
    tell(clock, { type: 'track', name: 'Product Added', properties });
  }
  clock += 20 + random.exponential(60);
  const started = { order_id: order.id, value: money(order.cents), currency };
  tell(clock, { type: 'track', name: 'Checkout Started', properties: started });
  const email = person.emails[0] as string;
  const spelled = () => ({ ...nameOf(person), email: spellEmail(random, email) });
  const { userId } = identity(shopper, device);
  if (userId === undefined) {
    // A guest leaves an address for the receipt: the first thing that ties this browser to a person.
    clock += 30;
    tell(clock, { type: 'identify', traits: spelled(), carries: [emailKey(email)] });
  }
  clock += 40 + random.exponential(60);
  reportOrder(visit, clock, order, {
    ...(userId === undefined ? {} : { userId }),
    context: { traits: spelled() },
    carries: [...(userId ? [`user_id:${userId}`] : []), emailKey(email)],
  });
  return clock;
}
