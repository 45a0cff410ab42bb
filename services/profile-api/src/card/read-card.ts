import { formatTime } from '@kenal/contracts';
import type { ProfileView } from '@kenal/identity';
import type { Warehouse } from '@kenal/warehouse';
import type { ReadOrders } from '../orders/read-orders.ts';
import type { OrderView } from '../orders/schemas.ts';
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
}

interface CaseRow {
  readonly source: string;
  readonly case_id: string;
  readonly channel: string;
  readonly opened: number | null;
  readonly reopened: number;
  readonly priority: string;
  readonly status: string;
  readonly team: string;
  readonly conversation_id: string;
}

interface OfferRow {
  readonly kind: string;
  readonly item_id: string;
  readonly reason: string;
  readonly in_stock: boolean | null;
}

// What a revoked source brought is nobody's
const SUMMARY = `SELECT count() AS contacts,
  argMax((message_id, toString(source), toString(channel), toString(direction), toString(type), toString(name),
    toUnixTimestamp64Micro(occurred_at)), (occurred_at, message_id)) AS last,
  groupUniqArrayIf(case_id, case_id != '') AS cases
  FROM kenal.interactions WHERE owner IN {owners:Array(String)} AND profile_id != ''`;
const CASES = `SELECT source, case_id, channel, toUnixTimestamp64Micro(opened_at) AS opened, reopened, priority, status, team,
  conversation_id FROM kenal.cases
  WHERE case_id IN {cases:Array(String)} AND profile_id = {profile:String} AND is_open
  ORDER BY opened_at DESC, source, case_id LIMIT 20`;
const OFFERS = `SELECT kind, item_id, reason, in_stock FROM kenal.next_best
  WHERE profile_id = {profile:String} ORDER BY kind, place LIMIT 3 BY kind`;

export function createReadCard(warehouse: Warehouse, orders: ReadOrders): ReadCard {
  async function openCases(workspace: string, profile: string, cases: readonly string[]) {
    if (cases.length === 0) return [];
    const rows = await warehouse.query<CaseRow>(CASES, { workspace, params: { cases, profile } });
    return rows.map(presentCase);
  }

  async function withCases(workspace: string, profile: ProfileView) {
    const owners = profile.identifiers.map(({ key }) => key);
    const [summary] = await warehouse.query<SummaryRow>(SUMMARY, { workspace, params: { owners } });
    if (summary === undefined || summary.contacts === 0) return { openCases: [], lastContact: null };
    const [id, source, channel, direction, type, name, at] = summary.last;
    const lastContact = { id, source, channel, direction, type, name: orNull(name), at: formatTime(at) };
    return { openCases: await openCases(workspace, profile.id, summary.cases), lastContact };
  }

  return async function readCard(workspace, profile) {
    const [contacts, last, offers] = await Promise.all([
      withCases(workspace, profile),
      orders.of(workspace, profile, { limit: 1 }),
      warehouse.query<OfferRow>(OFFERS, { workspace, params: { profile: profile.id } }),
    ]);
    const nextBest = offers.map(({ kind, item_id: itemId, reason, in_stock: inStock }) => ({
      ...{ kind, itemId, reason, inStock },
    }));
    return { ...contacts, lastOrder: last.items[0] ?? null, nextBest };
  };
}

function presentCase({ case_id: id, opened, ...row }: CaseRow) {
  return {
    ...{ id, source: row.source, channel: row.channel, openedAt: opened === null ? null : formatTime(opened) },
    ...{ reopened: row.reopened, priority: orNull(row.priority), status: orNull(row.status) },
    ...{ team: orNull(row.team), conversationId: orNull(row.conversation_id) },
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
