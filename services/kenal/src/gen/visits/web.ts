import type { Properties } from '../event.ts';
import type { Device, Person } from '../people.ts';
import { spellPhone } from '../phones.ts';
import { type Draft, money, type Shopper, type Visit } from '../visit.ts';
import { fillBasket, reportOrder } from './order.ts';
import { emailKey, phoneKey, spellEmail } from './spelling.ts';

const SHOP = 'https://shop.example.com';
const CAMPAIGNS = ['spring-sale', 'newsletter-12', 'brand-search', 'retargeting'];

/** Browsing in a browser or the app: anonymous at first, then often signed in, now and then an order. */
export function webVisit(visit: Visit): void {
  const { random, shopper } = visit;
  const { person } = shopper;
  const device = random.pick(person.devices);
  const context = contextOf(visit, device);
  let clock = 0;
  const say = (type: Draft['type'], name: string, properties: Properties): void => {
    clock += 4 + random.exponential(25);
    visit.emit({
      source: sourceOf(device),
      type,
      after: clock,
      name,
      properties,
      context,
      ...identity(shopper, device),
    });
  };
  const look = (path: string, title: string): void =>
    device.deviceId === null
      ? say('page', title, { path, title, url: `${SHOP}${path}` })
      : say('screen', title, { name: title });

  look('/', 'Home');
  if (shopper.registered && !shopper.signedIn.has(device) && random.chance(0.45)) clock = signIn(visit, device, clock);
  for (let pages = Math.min(8, Math.floor(random.exponential(2.2))); pages > 0; pages--) {
    const product = visit.catalogue.draw(random, person.favourites);
    look(`/p/${product.sku.toLowerCase()}`, product.name);
    say('track', 'Product Viewed', {
      product_id: product.sku,
      name: product.name,
      category: product.category,
      price: money(product.cents),
      currency: visit.currency,
    });
  }
  if (!shopper.registered && person.userId !== null && random.chance(0.55)) clock = register(visit, device, clock);
  if (random.chance(person.buys)) clock = buy(visit, device, clock);
  if (device.shared) shopper.signedIn.delete(device); // a family tablet: signed out, the browser's id stays
}

function buy(visit: Visit, device: Device, begin: number): number {
  const { random, shopper } = visit;
  const { person } = shopper;
  let clock = begin;
  if (shopper.registered && !shopper.signedIn.has(device)) clock = signIn(visit, device, clock);
  const order = fillBasket(visit);
  const email = person.emails[0] as string;
  const who = identity(shopper, device);
  const context = contextOf(visit, device);
  for (const { product, quantity } of order.lines) {
    clock += 5 + random.exponential(30);
    const properties = { product_id: product.sku, name: product.name, price: money(product.cents), quantity };
    visit.emit({
      source: sourceOf(device),
      type: 'track',
      after: clock,
      name: 'Product Added',
      properties,
      context,
      ...who,
    });
  }
  clock += 20 + random.exponential(60);
  const started = { order_id: order.id, value: money(order.cents), currency: visit.currency };
  visit.emit({
    source: sourceOf(device),
    type: 'track',
    after: clock,
    name: 'Checkout Started',
    properties: started,
    context,
    ...who,
  });
  if (who.userId === undefined) {
    // A guest leaves an address for the receipt: the first thing that ties this browser to a person.
    const traits = { ...nameOf(person), email: spellEmail(random, email) };
    clock += 30;
    visit.emit({
      source: sourceOf(device),
      type: 'identify',
      after: clock,
      traits,
      context,
      ...who,
      carries: [...who.carries, emailKey(email)],
    });
  }
  clock += 40 + random.exponential(60);
  const { userId } = who;
  reportOrder(visit, clock, order, {
    ...(userId === undefined ? {} : { userId }),
    context: { traits: { ...nameOf(person), email: spellEmail(random, email) } },
    carries: [...(userId ? [`user_id:${userId}`] : []), emailKey(email)],
  });
  return clock;
}

function register(visit: Visit, device: Device, begin: number): number {
  const { shopper, random } = visit;
  const { person } = shopper;
  shopper.registered = true;
  shopper.signedIn.add(device);
  const clock = begin + 60 + random.exponential(60);
  const who = identity(shopper, device);
  const context = contextOf(visit, device);
  const phone = person.phones[0];
  const traits = {
    ...traitsOf(person),
    email: spellEmail(random, person.emails[0] as string),
    ...(phone === undefined ? {} : { phone: spellPhone(random, phone, visit.home) }),
  };
  const carries = [...who.carries, emailKey(person.emails[0] as string), ...(phone ? [phoneKey(phone)] : [])];
  visit.emit({
    source: sourceOf(device),
    type: 'track',
    after: clock - 1,
    name: 'Signed Up',
    properties: { method: 'email' },
    context,
    ...who,
  });
  visit.emit({ source: sourceOf(device), type: 'identify', after: clock, traits, context, ...who, carries });
  return clock;
}

function signIn(visit: Visit, device: Device, begin: number): number {
  const { shopper, random } = visit;
  shopper.signedIn.add(device);
  const email = random.pick(shopper.person.emails);
  const who = identity(shopper, device);
  const context = contextOf(visit, device);
  const clock = begin + 10 + random.exponential(20);
  visit.emit({
    source: sourceOf(device),
    type: 'track',
    after: clock - 1,
    name: 'Signed In',
    properties: { method: 'password' },
    context,
    ...who,
  });
  visit.emit({
    source: sourceOf(device),
    type: 'identify',
    after: clock,
    traits: { ...nameOf(shopper.person), email: spellEmail(random, email) },
    context,
    ...who,
    carries: [...who.carries, emailKey(email)],
  });
  return clock;
}

/** Facts that a customer gives when opening an account. */
function traitsOf(person: Person): Properties {
  return {
    ...nameOf(person),
    birthday: person.birthday,
    language: person.language,
    address: { street: person.street, city: person.city, country: person.region },
  };
}

function nameOf({ given, family }: Person): Properties {
  if (family === '') return { firstName: given, name: given };
  return { firstName: given, lastName: family, name: `${given} ${family}` };
}

function sourceOf(device: Device): 'app' | 'web' {
  return device.deviceId === null ? 'web' : 'app';
}

function identity(shopper: Shopper, device: Device): { userId?: string; anonymousId: string; carries: string[] } {
  const carries = [`anonymous_id:${device.anonymousId}`];
  if (device.deviceId !== null) carries.push(`device_id:${device.deviceId}`);
  const { userId } = shopper.person;
  if (userId === null || !shopper.signedIn.has(device)) return { anonymousId: device.anonymousId, carries };
  return { userId, anonymousId: device.anonymousId, carries: [...carries, `user_id:${userId}`] };
}

function contextOf(visit: Visit, device: Device): NonNullable<Draft['context']> {
  const { random, shopper } = visit;
  return {
    userAgent: device.userAgent,
    locale: shopper.person.language,
    ...(device.deviceId === null ? {} : { device: { id: device.deviceId, type: device.platform } }),
    ...(random.chance(0.12)
      ? {
          campaign: {
            name: random.pick(CAMPAIGNS),
            source: random.pick(['google', 'newsletter', 'social']),
            medium: 'cpc',
          },
        }
      : {}),
  };
}
