import { formatTime } from '@kenal/contracts';
import type { ProfileView } from '@kenal/identity';
import type { Warehouse } from '@kenal/warehouse';
import type { ReadOrders } from '../orders/read-orders.ts';
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
  groupUniqArrayIf(case_id, case_id != '') AS cases
  FROM kenal.interactions WHERE owner IN {owners:Array(String)} AND profile_id != ''`;
const OFFERS = `SELECT kind, item_id, reason, in_stock FROM kenal.next_best
  WHERE profile_id = {profile:String} ORDER BY kind, place LIMIT 3 BY kind`;

export function createReadCard(warehouse: Warehouse, orders: ReadOrders): ReadCard {
  async function openCases(workspace: string, profile: string, cases: readonly string[]) {
    const all = await foldCases(warehouse, workspace, cases);
    const open = all.filter((one) => one.isOpen && one.profile === profile);
    return open.toSorted((a, b) => (b.opened ?? 0) - (a.opened ?? 0)).map(presentCase);
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
    const nextBest = offers.map(({ kind, item_id: itemId, reason, in_stock: counted }) => ({
      ...{ kind, itemId, reason, inStock: counted === null ? null : counted === 1 },
    }));
    return { ...contacts, lastOrder: last.items[0] ?? null, nextBest };
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
