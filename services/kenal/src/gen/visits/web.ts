import type { Device } from '../people.ts';
import { money, type Visit } from '../visit.ts';
import { register, signIn } from './web-account.ts';
import { buy } from './web-order.ts';
import { createTeller, type Said } from './web-teller.ts';

const SHOP = 'https://shop.example.com';

/** Browsing in a browser or the app: anonymous at first, then often signed in, now and then an order. */
export function webVisit(visit: Visit): void {
  const { random, shopper } = visit;
  const { person } = shopper;
  const device = random.pick(person.devices);
  const tell = createTeller(visit, device);
  let clock = 0;
  const say = (said: Said): void => {
    clock += 4 + random.exponential(25);
    tell(clock, said);
  };

  say(looking(device, '/', 'Home'));
  if (shopper.registered && !shopper.signedIn.has(device) && random.chance(0.45)) clock = signIn(visit, device, clock);
  for (let pages = Math.min(8, Math.floor(random.exponential(2.2))); pages > 0; pages--) {
    const product = visit.catalogue.draw(random, person.favourites);
    say(looking(device, `/p/${product.sku.toLowerCase()}`, product.name));
    const { sku, name, category, cents } = product;
    const properties = { product_id: sku, name, category, price: money(cents), currency: visit.currency };
    say({ type: 'track', name: 'Product Viewed', properties });
  }
  if (!shopper.registered && person.userId !== null && random.chance(0.55)) clock = register(visit, device, clock);
  if (random.chance(person.buys)) clock = buy(visit, device, clock);
  if (device.shared) shopper.signedIn.delete(device); // a family tablet: signed out, the browser's id stays
}

/** Somebody follows a campaign's mail, and buys. */
export function followCampaign({ id, name }: { readonly id: string; readonly name: string }): (visit: Visit) => void {
  return (visit) => {
    const device = visit.random.pick(visit.shopper.person.devices);
    const page = { ...looking(device, '/sale', name), properties: { path: '/sale', campaign_id: id } };
    createTeller(visit, device)(0, page);
    buy(visit, device, 30);
    if (device.shared) visit.shopper.signedIn.delete(device);
  };
}

/** Browsers show pages, the app shows screens. */
function looking(device: Device, path: string, title: string): Said {
  if (device.deviceId !== null) return { type: 'screen', name: title, properties: { name: title } };
  return { type: 'page', name: title, properties: { path, title, url: `${SHOP}${path}` } };
}
