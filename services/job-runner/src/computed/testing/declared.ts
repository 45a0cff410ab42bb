import { type Asked, beginOf, ORACLE } from './oracle.ts';
import type { ShopEvent } from './shop.ts';

/** A trait of each kind. */
const bought = { event: 'Order Completed' };
const near = { 'ship.city': ['Bonn', 'Kiel'] };
export const COMPUTED = {
  orders: { count: bought },
  orders_30d: { count: { ...bought, window: '30d' } },
  orders_48h: { count: { ...bought, window: '48h' } },
  large: { count: { ...bought, where: { price: { gte: 20, lt: 60 }, item: { exists: true } } } },
  spent: { sum: { ...bought, property: 'price' } },
  spent_3m: { sum: { ...bought, property: 'price', window: '3m', where: near } },
  basket: { mean: { ...bought, property: 'price' } },
  smallest: { min: { ...bought, property: 'price' } },
  largest: { max: { ...bought, property: 'price', window: '2w' } },
  first_item: { first: { ...bought, property: 'item' } },
  last_item: { last: { ...bought, property: 'item', where: { 'utm.source': 'ad' } } },
  favourite: { most_frequent: { ...bought, property: 'item' } },
  items: { unique_list: { ...bought, property: 'item', where: near } },
  quiet_days: { time_since: { ...bought } },
  touches: { count: { of: 'interactions', where: { name: { contains: 'Viewed' }, channel: 'web' } } },
  by_sql: { sql: 'SELECT profile_id, count() AS value FROM kenal.interactions GROUP BY profile_id;' },
};
export const SEGMENTS = {
  active: { where: { computed: 'orders_30d', gte: 2 } },
  resting: { where: { and: [{ trait: 'country', eq: 'DE' }, { not: { segment: 'active' } }] } },
  lists: {
    where: {
      or: [
        { computed: 'items', contains: 'cup' },
        { mart: 'profiles', column: 'interactions', gt: 40 },
      ],
    },
  },
  never: { where: { computed: 'orders', exists: false } },
  by_sql: { sql: "SELECT profile_id FROM kenal.interactions WHERE name = 'Order Completed'; " },
  broken: { sql: 'SELECT profile_id FROM nowhere' },
  sly: { sql: "SELECT profile_id FROM kenal.profile_rows SETTINGS log_comment = 'bank'" },
};
export const isOrder = ({ name }: ShopEvent) => name === 'Order Completed';
const city = ({ properties: { ship } }: ShopEvent) => (ship as { city?: string }).city ?? '';
const isNear = (event: ShopEvent) => isOrder(event) && ['Bonn', 'Kiel'].includes(city(event));
const price = ({ properties }: ShopEvent) => properties.price;
const item = ({ properties }: ShopEvent) => properties.item;
const has = (value: unknown) => value !== undefined && value !== null && value !== '';

/** Each declared trait once more, of the events of one person. */
export function expectedOf(events: readonly ShopEvent[], identifies: number, now: number): Record<string, unknown> {
  const orders = { now, where: isOrder };
  const how = (name: string, asked: Asked) => ORACLE[name]!(events, asked);
  const isLarge = (event: ShopEvent) =>
    isOrder(event) && Number(price(event) ?? Number.NaN) >= 20 && Number(price(event)) < 60 && has(item(event));
  const traits = {
    orders: how('count', orders),
    orders_30d: how('count', { ...orders, from: beginOf(now, 0, 30) }),
    orders_48h: how('count', { ...orders, from: now - 48 * 3_600_000 }),
    large: how('count', { now, where: isLarge }),
    spent: how('sum', { ...orders, of: price }),
    spent_3m: how('sum', { now, where: isNear, of: price, from: beginOf(now, 3, 0) }),
    basket: how('mean', { ...orders, of: price }),
    smallest: how('min', { ...orders, of: price }),
    largest: how('max', { ...orders, of: price, from: beginOf(now, 0, 14) }),
    first_item: how('first', { ...orders, of: item }),
    last_item: how('last', { now, of: item, where: (e) => isOrder(e) && e.properties['utm.source'] === 'ad' }),
    favourite: how('most_frequent', { ...orders, of: item }),
    items: how('unique_list', { now, where: isNear, of: item }),
    quiet_days: how('time_since', orders),
    touches: how('count', { now, where: ({ name }) => name === 'Product Viewed' }),
    by_sql: events.length + identifies,
  };
  const named = Object.entries(traits).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named.map(([name, value]) => [`trait.${name}`, value]));
}

export function segmentsOf(
  traits: Record<string, unknown>,
  isGerman: boolean,
  hasOrder: boolean,
  interactions: number,
): Record<string, unknown> {
  const isActive = Number(traits['trait.orders_30d'] ?? 0) >= 2;
  const isIn = {
    active: isActive,
    resting: isGerman && !isActive,
    lists: ((traits['trait.items'] as unknown[] | undefined) ?? []).includes('cup') || interactions > 40,
    never: traits['trait.orders'] === undefined,
    by_sql: hasOrder,
  };
  return Object.fromEntries(Object.entries(isIn).flatMap(([name, yes]) => (yes ? [[`segment.${name}`, true]] : [])));
}
