/** What was planted: how many times the hazard of lapsing grows with one more of each. */
export const PLANTED = { products: 0.6, troubles: 1.8 };

/** Shares of what the two groups of customers spend on. */
const NEEDS = {
  gardeners: ['soil', 'soil', 'soil', 'soil', 'seeds', 'tea'],
  drinkers: ['tea', 'tea', 'tea', 'tea', 'cups', 'soil'],
};
const GROUPS = ['gardeners', 'drinkers'] as const;
const DAY_US = 86_400_000_000;
const [WATCHED_AFTER, SPAN] = [90, 600];
const HAZARD = 0.012;

export interface PlantedShop {
  /** Rows of kenal.interaction_rows and kenal.profile_rows. */
  readonly interactions: readonly object[];
  readonly profiles: readonly object[];
  /** By profile. */
  readonly groupOf: ReadonlyMap<string, (typeof GROUPS)[number]>;
}

/**
 * Customers who come every eight to sixteen days until they leave: the sooner, the fewer products they hold and the more often they
 * met bad service in their first 90 days. What a product is called is no matter to its category, so that neither tells the other.
 * @param now microseconds, the end of the story
 */
export function createPlantedShop(
  workspace: string,
  customers: number,
  now: number,
  chance: () => number,
): PlantedShop {
  const interactions: object[] = [];
  const groupOf = new Map<string, (typeof GROUPS)[number]>();
  const below = (n: number): number => Math.floor(chance() * n);
  for (let c = 0; c < customers; c += 1) {
    const profile_id = `p${c}`;
    const group = GROUPS[below(2)]!;
    groupOf.set(profile_id, group);
    const [products, troubles] = [1 + below(4), Math.max(0, below(5) - 2)];
    const hazard = HAZARD * PLANTED.products ** products * PLANTED.troubles ** troubles;
    const begins = now - (100 + below(SPAN - 100)) * DAY_US;
    const leaves = begins + (WATCHED_AFTER - Math.log1p(-chance()) / hazard) * DAY_US;
    const say = (id: string, at: number, fields: object): void => {
      const times = { occurred_at: at, client_at: at, received_at: at };
      const channel = c % 3 === 0 ? 'store' : 'web';
      const who = { workspace, source: channel, message_id: `${c}-${id}`, owner: `user_id:${c}`, profile_id, ver: 1 };
      interactions.push({
        ...who,
        type: 'track',
        channel,
        name: 'Order Completed',
        direction: 'inbound',
        ...times,
        ...fields,
      });
    };
    for (let n = 0, at = begins; at < Math.min(now, leaves); n += 1, at += (8 + below(9)) * DAY_US) {
      const line = (number: number): object => {
        const category = NEEDS[group][below(6)]!;
        const item = {
          line: number,
          item_id: `i${(n + number) % products}`,
          name: '',
          category,
          quantity: 1,
          price: null,
        };
        return { ...item, amount: `${5 + below(20)}.00`, currency: 'EUR' };
      };
      const items = [line(1), line(2)];
      const order = {
        order_id: `o${c}-${n}`,
        order_kind: 'snapshot',
        order_total: '40.00',
        order_refunded: '0',
        order_currency: 'EUR',
      };
      say(`o${n}`, at, { ...order, items });
    }
    for (let n = 0; n < troubles; n += 1) say(`t${n}`, begins + (5 + 9 * n) * DAY_US, { name: 'Case Reopened' });
  }
  const profiles = [...groupOf.keys()].map((profile_id) => ({
    workspace,
    profile_id,
    version: 1,
    changed_at: 0,
    live: true,
  }));
  return { interactions, profiles, groupOf };
}
