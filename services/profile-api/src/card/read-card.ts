import { formatTime } from '@kenal/contracts';
import type { ProfileView } from '@kenal/identity';
import type { Warehouse } from '@kenal/warehouse';
import { newestFirst, presentOrder, type ReadOrders } from '../orders/read-orders.ts';
import type { OrderView } from '../orders/schemas.ts';
import type { FoldedCase } from './fold-case.ts';
import { foldCases } from './read-cases.ts';
import type { CardView } from './schemas.ts';

/** What of a card comes from the warehouse. */
export interface CardFacts {
  readonly openCases: CardView['openCases'] & object;
  readonly lastContact: CardView['lastContact'];
  readonly lastOrder: OrderView | null;
  readonly nextBest: CardView['nextBest'] & object;
}

export type ReadCard = (workspace: string, profile: ProfileView) => Promise<CardFacts>;

interface SummaryRow {
  readonly contacts: number;
  /** message_id, source, channel, direction, type, name, microseconds */
  readonly last: readonly [string, string, string, string, string, string, number];
  readonly cases: readonly string[];
  readonly orders: readonly string[];
  /** 1: somebody is erased in the workspace, so texts are to be masked */
  readonly any_erased: number;
}

interface OfferRow {
  readonly kind: string;
  readonly item_id: string;
  readonly reason: string;
  /** 1 or 0 */
  readonly in_stock: number | null;
}

// What a revoked source brought is nobody's
const SUMMARY = `SELECT count() AS contacts,
  argMax((message_id, toString(source), toString(channel), toString(direction), toString(type), toString(name),
    toUnixTimestamp64Micro(occurred_at)), (occurred_at, message_id)) AS last,
  groupUniqArrayIf(case_id, case_id != '') AS cases,
  groupUniqArrayIf(order_id, order_id != '' AND order_kind != '') AS orders,
  (SELECT count() > 0 FROM kenal.erased_identifiers WHERE workspace = getSetting('log_comment')) AS any_erased
  FROM kenal.interaction_facts WHERE owner IN {owners:Array(String)} AND profile_id != ''`;
// The name of an event may name somebody who is erased: then it comes from the view that masks it
const MASKED_NAME = `SELECT toString(name) AS name FROM kenal.interactions
  WHERE source = {source:String} AND message_id = {id:String}`;
const HAS_OFFERS = `SELECT count() > 0 AS has FROM kenal.next_best_rows
  WHERE workspace = getSetting('log_comment') AND profile_id = {profile:String}`;
const OFFERS = `SELECT kind, item_id, reason, in_stock FROM kenal.next_best
  WHERE profile_id = {profile:String} ORDER BY kind, place LIMIT 3 BY kind`;

/** Each question costs the engine more to plan than to answer, so none is asked that has nothing to tell. */
export function createReadCard(warehouse: Warehouse, orders: ReadOrders): ReadCard {
  async function openCases(workspace: string, profile: string, cases: readonly string[]) {
    const all = await foldCases(warehouse, workspace, cases);
    const open = all.filter((one) => one.isOpen && one.profile === profile);
    return open.toSorted((a, b) => (b.opened ?? 0) - (a.opened ?? 0)).map(presentCase);
  }

  async function lastOrder(workspace: string, profile: string, ids: readonly string[]): Promise<OrderView | null> {
    const own = (await orders.fold(workspace, ids)).filter((order) => order.profile === profile);
    const [last] = own.toSorted(newestFirst);
    return last === undefined ? null : presentOrder(last);
  }

  async function lastContact(workspace: string, { last, any_erased: anyErased }: SummaryRow) {
    const [id, source, channel, direction, type, said, at] = last;
    const masked = anyErased
      ? await warehouse.query<{ readonly name: string }>(MASKED_NAME, { workspace, params: { source, id } })
      : [{ name: said }];
    return { id, source, channel, direction, type, name: orNull(masked[0]?.name ?? ''), at: formatTime(at) };
  }

  async function history(workspace: string, { id, identifiers }: ProfileView) {
    const owners = identifiers.map(({ key }) => key);
    const [summary] = await warehouse.query<SummaryRow>(SUMMARY, { workspace, params: { owners } });
    if (summary === undefined || summary.contacts === 0) return { openCases: [], lastContact: null, lastOrder: null };
    const [cases, contact, order] = await Promise.all([
      openCases(workspace, id, summary.cases),
      lastContact(workspace, summary),
      lastOrder(workspace, id, summary.orders),
    ]);
    return { openCases: cases, lastContact: contact, lastOrder: order };
  }

  async function nextBest(workspace: string, profile: string): Promise<CardFacts['nextBest']> {
    const params = { profile };
    const [offers] = await warehouse.query<{ readonly has: number }>(HAS_OFFERS, { workspace, params });
    if (!offers?.has) return [];
    const rows = await warehouse.query<OfferRow>(OFFERS, { workspace, params });
    return rows.map(({ kind, item_id: itemId, reason, in_stock: counted }) => ({
      ...{ kind, itemId, reason, inStock: counted === null ? null : counted === 1 },
    }));
  }

  return async function readCard(workspace, profile) {
    const [told, offers] = await Promise.all([history(workspace, profile), nextBest(workspace, profile.id)]);
    return { ...told, nextBest: offers };
  };
}

function presentCase({ id, source, channel, opened, reopened, ...said }: FoldedCase) {
  return {
    ...{ id, source, channel, openedAt: opened === null ? null : formatTime(opened), reopened },
    ...{ priority: orNull(said.priority), status: orNull(said.status), team: orNull(said.team) },
    conversationId: orNull(said.conversation),
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
