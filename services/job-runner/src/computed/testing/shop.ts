import type { Interaction } from '@kenal/contracts';

const MICROS = 1_000;
const HOUR = 3_600_000;
/** 3 April in Berlin, four days after its clocks went forward. */
export const NOW = Date.UTC(2026, 3, 2, 22, 30);
export const PEOPLE = 9;

/** An event of the shop, as the oracle reads it. */
export interface ShopEvent {
  readonly id: string;
  readonly person: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Seeded numbers below 1 (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Two hundred days of events, some at one instant, some of tomorrow, with values that are missing or none. */
export function shopEvents(): ShopEvent[] {
  const random = createRandom(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  return Array.from({ length: 240 }, (_, i) => {
    const price = Math.floor(random() * 10_000) / 100;
    const properties: Record<string, unknown> = {
      price: pick([price, price, String(price), i % 2 === 0 ? 'none' : 9e31, null]),
      item: pick(['tea', 'cup', 'pot "x"', 'pot "x"', '', 7]),
      ship: { city: pick(['Bonn', 'Kiel', 'Ulm']) },
      'utm.source': pick(['ad', 'mail']),
    };
    if (i % 5 === 0) delete properties.item;
    return {
      id: `e${String(i).padStart(3, '0')}`,
      // The last one has hardly anything
      person: i === 3 ? PEOPLE - 1 : Math.floor(random() * (PEOPLE - 1)),
      at: i % 40 === 0 ? NOW + HOUR : NOW - Math.floor(random() ** 2 * 200 * 24) * HOUR - pick([0, 0, 1_000]),
      name: pick(['Order Completed', 'Order Completed', 'Product Viewed']),
      properties: i % 6 === 0 ? { ...properties, ship: 'none' } : properties,
    };
  });
}

export function interactionOf({ id, person, at, name, properties }: ShopEvent): Interaction {
  const time = at * MICROS;
  return {
    ...{ id, workspace: 'shop', source: 'web', channel: 'web', direction: 'inbound', type: 'track', name },
    ...{ clientAt: time, sentAt: null, receivedAt: time, occurredAt: time, participants: [], actor: null },
    identifiers: [{ type: 'user_id', value: `u${person}` }],
    ...{ accountId: null, caseId: null, conversationId: null, sessionId: null, userId: null, anonymousId: null },
    ...{ traits: '{}', properties: JSON.stringify(properties), context: '{}', extra: '{}', consent: null },
    ...{
      campaign: null,
      amount: null,
      currency: null,
      receipt: { collector: 'shop', sequence: Number(id.slice(1)) + 1 },
    },
  };
}

/** What the person said of herself. */
export function identifyOf(person: number, country: string): Interaction {
  const event = interactionOf({ id: `t${person}`, person, at: NOW - HOUR, name: '', properties: {} });
  return { ...event, type: 'identify', name: null, traits: JSON.stringify({ country }) };
}
