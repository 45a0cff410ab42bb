import { formatTime } from '@kenal/contracts';
import type { ProfileView } from '@kenal/identity';
import type { Warehouse } from '@kenal/warehouse';
import { z } from 'zod';
import { readCursor, writeCursor } from '../http/cursor.ts';
import type { Page } from '../profiles/timeline.ts';
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
}

interface OrderRow {
  readonly order_id: string;
  readonly source: string;
  readonly profile_id: string;
  readonly ordered: number;
  readonly status: string;
  readonly total: string | null;
  readonly refunded: string | null;
  readonly net: string | null;
  readonly currency: string;
  readonly faults: readonly string[];
}

interface LineRow {
  readonly order_id: string;
  readonly source: string;
  readonly line: number;
  readonly item_id: string;
  readonly name: string;
  readonly category: string;
  readonly quantity: string | null;
  readonly price: string | null;
  readonly amount: string | null;
  readonly currency: string;
  readonly occurred: number;
}

const ORDER = `SELECT order_id, source, profile_id, toUnixTimestamp64Micro(ordered_at) AS ordered, status,
  toString(total) AS total, toString(refunded) AS refunded, toString(net) AS net, currency, faults FROM kenal.orders`;
const LINES = `SELECT order_id, source, line, item_id, name, category, toString(quantity) AS quantity,
  toString(price) AS price, toString(amount) AS amount, currency, toUnixTimestamp64Micro(occurred_at) AS occurred
  FROM kenal.order_items WHERE order_id IN {ids:Array(String)} ORDER BY source, order_id, line`;
// Whoever has events of an order need not be who ordered, so the view decides; what a revoked source brought is nobody's
const IDS = `SELECT DISTINCT order_id FROM kenal.interaction_facts
  WHERE owner IN {owners:Array(String)} AND profile_id != '' AND order_id != ''`;

// The last entry of the page before: time in microseconds, source, order.
const placeSchema = z.tuple([z.number().int(), z.string(), z.string()]);

/** From ClickHouse, by the indexes of owner and order. */
export function createReadOrders(warehouse: Warehouse): ReadOrders {
  async function withLines(workspace: string, orders: readonly OrderRow[]): Promise<OrderView[]> {
    if (orders.length === 0) return [];
    const ids = orders.map(({ order_id }) => order_id);
    const lines = await warehouse.query<LineRow>(LINES, { workspace, params: { ids } });
    return orders.map((order) => present(order, lines));
  }

  return {
    async one(workspace, id, source) {
      const own = source === undefined ? '' : ' AND source = {source:String}';
      const sql = `${ORDER} WHERE order_id = {id:String}${own} ORDER BY source`;
      const params = { id, ...(source === undefined ? {} : { source }) };
      return withLines(workspace, await warehouse.query<OrderRow>(sql, { workspace, params }));
    },
    async of(workspace, profile, { limit, cursor }) {
      const owners = profile.identifiers.map(({ key }) => key);
      const found = await warehouse.query<{ readonly order_id: string }>(IDS, { workspace, params: { owners } });
      if (found.length === 0) return { items: [], cursor: null };
      const params: Record<string, unknown> = {
        ...{ ids: found.map(({ order_id }) => order_id), profile: profile.id, limit: limit + 1 },
      };
      let before = '';
      if (cursor !== undefined) {
        const [at, source, id] = readCursor(placeSchema, cursor);
        before = ' AND (ordered, source, order_id) < ({at:Int64}, {source:String}, {id:String})';
        Object.assign(params, { at, source, id });
      }
      const rows = await warehouse.query<OrderRow>(
        `${ORDER} WHERE order_id IN {ids:Array(String)} AND profile_id = {profile:String}${before}
         ORDER BY ordered DESC, source DESC, order_id DESC LIMIT {limit:UInt32}`,
        { workspace, params },
      );
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const more = rows.length > limit && last !== undefined;
      return {
        items: await withLines(workspace, page),
        cursor: more ? writeCursor([last.ordered, last.source, last.order_id]) : null,
      };
    },
  };
}

function present({ order_id: id, ...order }: OrderRow, lines: readonly LineRow[]): OrderView {
  return {
    ...{ id, source: order.source, profileId: orNull(order.profile_id), orderedAt: formatTime(order.ordered) },
    ...{ status: order.status, total: order.total, refunded: order.refunded, net: order.net },
    ...{ currency: orNull(order.currency), faults: [...order.faults] },
    lines: lines
      .filter((line) => line.order_id === id && line.source === order.source)
      .map(({ item_id: itemId, occurred, line, quantity, price, amount, ...one }) => ({
        ...{ line, itemId, name: orNull(one.name), category: orNull(one.category), quantity, price, amount },
        ...{ currency: orNull(one.currency), occurredAt: formatTime(occurred) },
      })),
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
