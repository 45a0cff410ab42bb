import { createNormaliser } from '@kenal/identity';
import { expect, test } from 'vitest';
import { createGenerator, type GeneratorOptions } from './index.ts';
import { makePhone, REGIONS, spellPhone } from './phones.ts';
import { createRandom } from './random.ts';

const until = Date.UTC(2026, 0, 1);
const base: GeneratorOptions = { seed: 7, people: 60, days: 30, until };

function run(options: Partial<GeneratorOptions> = {}) {
  const generator = createGenerator({ ...base, ...options });
  const events = [...generator.events()];
  return { events, truth: [...generator.truth()], people: generator.people };
}

test('the same seed gives the same bytes, another seed other ones', () => {
  expect(JSON.stringify(run({ duplicates: 0.1, late: 0.1 }))).toBe(JSON.stringify(run({ duplicates: 0.1, late: 0.1 })));
  expect(JSON.stringify(run().events)).not.toBe(JSON.stringify(run({ seed: 8 }).events));
});

test.each([40, 1_000, 9_000])('asked for %i events it gives so many, sent in order, none after the end', (count) => {
  const { events } = run({ events: count, duplicates: 0.05, late: 0.05 });
  expect(events).toHaveLength(count);
  const sent = events.map((each) => each.sentAt);
  expect(sent).toEqual(sent.toSorted((a, b) => a - b));
  expect(sent.at(-1)).toBeLessThanOrEqual(until);
  expect(events.every(({ event, sentAt }) => Date.parse(event.timestamp) <= sentAt)).toBe(true);
});

test('message ids are unique unless duplicates are asked for, and a duplicate is the same event', () => {
  const clean = run().events.map(({ event }) => event.messageId);
  expect(new Set(clean).size).toBe(clean.length);
  const messy = run({ duplicates: 0.2 }).events;
  const byId = Map.groupBy(messy, ({ event }) => event.messageId);
  expect(byId.size).toBeLessThan(messy.length);
  for (const copies of byId.values()) expect(new Set(copies.map((copy) => JSON.stringify(copy.event))).size).toBe(1);
});

test('no identifier is true of two people unless they share a device, and every event’s identifiers are in the truth', () => {
  const { events, truth } = run({ sharedDevices: 0.5, people: 80 });
  const owner = new Map<string, string>();
  for (const { person, identifiers, loose } of truth) {
    for (const key of [...identifiers, ...loose.flat()]) {
      expect(owner.get(key) ?? person).toBe(person);
      owner.set(key, person);
    }
  }
  const shared = new Set(truth.flatMap((each) => each.shared));
  expect(shared.size).toBeGreaterThan(0);
  for (const { event, person } of events) {
    if (event.userId !== undefined) expect(owner.get(`user_id:${event.userId}`)).toBe(person);
    const anonymous = event.anonymousId === undefined ? undefined : `anonymous_id:${event.anonymousId}`;
    if (anonymous !== undefined && !shared.has(anonymous)) expect(owner.get(anonymous)).toBe(person);
  }
});

test('some people live with one name, some write their address in capitals, some browse before they sign in', () => {
  const { events, people } = run({ people: 400, events: 6_000 });
  expect(people.some((person) => person.family === '')).toBe(true);
  expect(events.some(({ event }) => JSON.stringify(event.traits ?? '').includes('@EXAMPLE'))).toBe(true);
  const anonymousFirst = events.filter(({ event }) => event.userId === undefined && event.anonymousId !== undefined);
  const later = new Set(events.filter(({ event }) => event.userId).map(({ event }) => event.anonymousId));
  expect(anonymousFirst.some(({ event }) => later.has(event.anonymousId))).toBe(true);
});

test('an endless stream goes on for as long as it is walked', () => {
  const generator = createGenerator({ ...base, until: Number.POSITIVE_INFINITY, from: until, story: 3 });
  let count = 0;
  let last = until;
  for (const { sentAt } of generator.events()) {
    expect(sentAt).toBeGreaterThanOrEqual(last);
    last = sentAt;
    if (++count === 5_000) break;
  }
  expect(count).toBe(5_000);
});

test.each(REGIONS)('every way of writing a number of %s means that number', (region) => {
  const random = createRandom(1, 1);
  const normalise = createNormaliser({ types: [], limits: {}, blocked: [] }, 'GB');
  for (let i = 0; i < 3_000; i += 1) {
    const phone = makePhone(random, region);
    const value = spellPhone(random, phone, 'GB');
    expect([value, normalise([{ type: 'phone', value }]).owner]).toEqual([value, `phone:${phone.e164}`]);
  }
});

test('order totals are the sum of their lines to the cent', () => {
  const orders = run({ events: 4_000 }).events.filter(({ event }) => event.event === 'Order Completed');
  expect(orders.length).toBeGreaterThan(20);
  for (const { event } of orders) {
    const { products, total } = event.properties as { products: { price: number; quantity: number }[]; total: number };
    const cents = products.reduce((sum, line) => sum + Math.round(line.price * 100) * line.quantity, 0);
    expect(Math.round(total * 100)).toBe(cents);
  }
});
