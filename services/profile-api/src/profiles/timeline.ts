import { parseTime } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { ProfileView } from '@kenal/identity';
import type { Warehouse } from '@kenal/warehouse';
import { z } from 'zod';
import { readCursor, writeCursor } from '../http/cursor.ts';
import { INTERACTION_COLUMNS, type InteractionRow, presentRow } from './interaction-row.ts';
import type { InteractionView, TimelineQuery } from './timeline-schemas.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly cursor: string | null;
}

/** What of a timeline is asked for. */
export interface TimelineAsk extends TimelineQuery {
  /** Events of one of these names only. */
  readonly names?: readonly string[];
  /** And of none of these. */
  readonly notNames?: readonly string[];
  /** Else newest first. */
  readonly oldestFirst?: boolean;
}

export type Timeline = (workspace: string, profile: ProfileView, query: TimelineAsk) => Promise<Page<InteractionView>>;

interface Order {
  readonly source: string;
  readonly order_id: string;
}

// The last entry of the page before: time in microseconds, source, message id. Entries that come in later do not move it.
const placeSchema = z.tuple([z.number().int(), z.string(), z.string()]);

// What a revoked source brought belongs to nobody
const OWN = "owner IN {owners:Array(String)} AND profile_id != ''";
/** Orders of a person that are asked for refunds: the last ones. */
const MOST_ORDERS = 500;
// Ids only, which nobody is shown, so the lean view will do: to plan it costs a quarter
const ORDERS = `SELECT order_id FROM kenal.interaction_facts WHERE ${OWN} AND order_id != ''
  GROUP BY order_id ORDER BY max(occurred_at) DESC LIMIT ${MOST_ORDERS}`;
// A refund often names its order and nobody: it stands with whom the order is of, as in view `orders`: the one of its earliest
// event that has somebody. That is asked anew each time, so it moves with the person, and is gone with an erased one.
const PARTLY_NAMELESS = `SELECT toString(source) AS source, order_id FROM kenal.interaction_facts
  WHERE order_id IN {orders:Array(String)}
  GROUP BY source, order_id
  HAVING countIf(owner = '') > 0
    AND argMinIf(owner, (ifNull(client_at, occurred_at), message_id), profile_id != '') IN {owners:Array(String)}`;
// By the number alone first, for that is what has an index
const OF_ORDERS = `owner = '' AND order_id IN {orders:Array(String)}
  AND has(arrayZip({sources:Array(String)}, {orders:Array(String)}), (toString(source), order_id))`;

/**
 * Interactions of a profile from ClickHouse, newest first: by its owners, so a merge shows at once, and what names nobody by
 * its orders. All by indexes of owner and order, so it costs the same however many rows there are: two questions, three of
 * a person with orders.
 */
export function createTimeline(warehouse: Warehouse): Timeline {
  async function namelessOrders(workspace: string, owners: unknown): Promise<readonly Order[]> {
    const made = await warehouse.query<Pick<Order, 'order_id'>>(ORDERS, { workspace, params: { owners } });
    if (made.length === 0) return [];
    const orders = made.map(({ order_id }) => order_id);
    return warehouse.query<Order>(PARTLY_NAMELESS, { workspace, params: { owners, orders } });
  }

  return async (workspace, profile, query) => {
    const owners = profile.identifiers.map(({ key }) => key);
    const { conditions, params } = conditionsOf(query);
    Object.assign(params, { owners, limit: query.limit + 1 });
    const orders = await namelessOrders(workspace, owners);
    params.orders = orders.map(({ order_id }) => order_id);
    params.sources = orders.map(({ source }) => source);
    const parts = orders.length === 0 ? [OWN] : [OWN, OF_ORDERS];
    const found = parts.map((part) => `SELECT * FROM kenal.interactions WHERE ${[part, ...conditions].join(' AND ')}`);
    const way = query.oldestFirst === true ? 'ASC' : 'DESC';
    const rows = await warehouse.query<InteractionRow>(
      `SELECT ${INTERACTION_COLUMNS} FROM (${found.join(' UNION ALL ')}) AS i
       ORDER BY i.occurred_at ${way}, source ${way}, message_id ${way} LIMIT {limit:UInt32}`,
      { workspace, params },
    );
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const more = rows.length > query.limit && last !== undefined;
    return {
      items: page.map(presentRow),
      cursor: more ? writeCursor([last.occurred, last.source, last.message_id]) : null,
    };
  };
}

function conditionsOf(query: TimelineAsk): { conditions: string[]; params: Record<string, unknown> } {
  const conditions: string[] = [];
  const params: Record<string, unknown> = {};
  const add = (condition: string, name: string, value: unknown): void => {
    conditions.push(condition);
    params[name] = value;
  };
  if (query.type !== undefined) add('type IN {types:Array(String)}', 'types', query.type.split(','));
  if (query.channel !== undefined) add('channel IN {channels:Array(String)}', 'channels', query.channel.split(','));
  if (query.name !== undefined) add('name = {name:String}', 'name', query.name);
  if (query.names !== undefined) add('name IN {names:Array(String)}', 'names', query.names);
  if (query.notNames !== undefined) add('name NOT IN {notNames:Array(String)}', 'notNames', query.notNames);
  if (query.from !== undefined) add(`occurred_at >= ${MOMENT('from')}`, 'from', micros('from', query.from));
  if (query.to !== undefined) add(`occurred_at < ${MOMENT('to')}`, 'to', micros('to', query.to));
  if (query.cursor !== undefined) {
    const [at, source, id] = readCursor(placeSchema, query.cursor);
    const beyond = query.oldestFirst === true ? '>' : '<';
    conditions.push(
      `(occurred_at, source, message_id) ${beyond} (${MOMENT('atMicros')}, {atSource:String}, {atId:String})`,
    );
    Object.assign(params, { atMicros: at, atSource: source, atId: id });
  }
  return { conditions, params };
}

const MOMENT = (name: string): string => `fromUnixTimestamp64Micro({${name}:Int64}, 'UTC')`;

function micros(name: string, text: string): number {
  const at = parseTime(text);
  if (at === null) throw new KenalError('bad_query', `${name} is not a time: ${JSON.stringify(text)}`);
  return at;
}
