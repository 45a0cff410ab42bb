import { formatTime } from '@kenal/contracts';
import { compareKeys, type ProfileView } from '@kenal/identity';
import type { Warehouse } from '@kenal/warehouse';
import { z } from 'zod';
import { readCursor, writeCursor } from '../http/cursor.ts';
import type { Page } from '../profiles/timeline.ts';
import { type FoldedOrder, foldOrder } from './fold-order.ts';
import type { OrderEvent } from './order-event.ts';
import type { OrderView } from './schemas.ts';

export interface OrdersQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface ReadOrders {
  /** Of one id: one, or one of each source that has it; none where nobody spoke of it. */
  one(workspace: string, id: string, source: string | undefined): Promise<readonly OrderView[]>;
  /** Newest first. */
  of(workspace: string, profile: ProfileView, query: OrdersQuery): Promise<Page<OrderView>>;
  /** Those of these ids, of all sources, in no order. */
  fold(workspace: string, ids: readonly string[]): Promise<readonly FoldedOrder[]>;
}

const EVENTS = `SELECT source, order_id, message_id, profile_id, toUnixTimestamp64Micro(occurred_at) AS occurred,
  toUnixTimestamp64Micro(ifNull(client_at, occurred_at)) AS moment, order_kind, toString(order_total) AS total,
  toString(order_refunded) AS refunded, order_currency, order_faults, items
  FROM kenal.interaction_facts WHERE order_id IN {ids:Array(String)} AND order_kind != ''`;
// Whoever has events of an order need not be who ordered: its events decide. What a revoked source brought is nobody's
const IDS = `SELECT DISTINCT order_id FROM kenal.interaction_facts
  WHERE owner IN {owners:Array(String)} AND profile_id != '' AND order_kind != ''`;

// The last entry of the page before: time in microseconds, source, order.
const placeSchema = z.tuple([z.number().int(), z.string(), z.string()]);

/** From ClickHouse, by the indexes of owner and order. @param currencyOf a workspace, of amounts that name none */
export function createReadOrders(warehouse: Warehouse, currencyOf: (workspace: string) => string): ReadOrders {
  async function fold(workspace: string, ids: readonly string[]): Promise<readonly FoldedOrder[]> {
    if (ids.length === 0) return [];
    const events = await warehouse.query<OrderEvent>(EVENTS, { workspace, params: { ids } });
    const orders = Map.groupBy(events, ({ source, order_id }) => JSON.stringify([source, order_id]));
    return Array.from(orders.values(), (own) => foldOrder(own, currencyOf(workspace)));
  }

  return {
    fold,
    async one(workspace, id, source) {
      const found = (await fold(workspace, [id])).filter((order) => source === undefined || order.source === source);
      return found.toSorted((a, b) => compareKeys(a.source, b.source)).map(presentOrder);
    },
    async of(workspace, profile, { limit, cursor }) {
      const before = cursor === undefined ? null : readCursor(placeSchema, cursor);
      const owners = profile.identifiers.map(({ key }) => key);
      const found = await warehouse.query<{ readonly order_id: string }>(IDS, { workspace, params: { owners } });
      const ids = found.map(({ order_id }) => order_id);
      const orders = (await fold(workspace, ids))
        .filter((order) => order.profile === profile.id && (before === null || compare(placeOf(order), before) < 0))
        .toSorted(newestFirst);
      const page = orders.slice(0, limit);
      const last = page.at(-1);
      const more = orders.length > limit && last !== undefined;
      return { items: page.map(presentOrder), cursor: more ? writeCursor(placeOf(last)) : null };
    },
  };
}

type Place = z.infer<typeof placeSchema>;

/** Order of lists of orders. */
export function newestFirst(one: FoldedOrder, other: FoldedOrder): number {
  return compare(placeOf(other), placeOf(one));
}

function placeOf({ ordered, source, id }: FoldedOrder): Place {
  return [ordered, source, id];
}

function compare([at, source, id]: Place, [otherAt, otherSource, otherId]: Place): number {
  return at - otherAt || compareKeys(source, otherSource) || compareKeys(id, otherId);
}

export function presentOrder({ ordered, profile, currency, lines, ...order }: FoldedOrder): OrderView {
  return {
    ...{ ...order, profileId: orNull(profile), orderedAt: formatTime(ordered), currency: orNull(currency) },
    lines: lines.map(({ item_id: itemId, occurred, line, quantity, price, amount, ...one }) => ({
      ...{ line, itemId, name: orNull(one.name), category: orNull(one.category), quantity, price, amount },
      ...{ currency: orNull(one.currency), occurredAt: formatTime(occurred) },
    })),
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
