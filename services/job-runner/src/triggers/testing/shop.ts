import { type Action, type Clock, kenalConfigSchema } from '@kenal/contracts';
import type { TopicWriter } from '@kenal/event-log';
import { systemClock } from '@kenal/service-kit';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import { migratedDirectory } from '../../../../../test/support/migrated-directory.ts';
import { type Ask, createAskWarehouse } from '../../computed/ask.ts';
import { createActionRows } from '../action-rows.ts';
import { createReadCandidates } from '../candidates.ts';
import { createDeclared } from '../declared.ts';
import { createOpenFound } from '../found.ts';
import { createRules } from '../rules.ts';
import { createTriggers } from '../triggers.ts';

export const WORKSPACE = 'shop';
export const HOUR = 3_600_000_000;
export const DAY = 24 * HOUR;
export const NOW = systemClock();

/** A day of that year that is today's. */
export function dayOf(micros: number, year: number): string {
  return `${year}${new Date(micros / 1_000).toISOString().slice(4, 10)}`;
}

/** A row of kenal.profile_rows. */
export function profile(
  id: string,
  traits: object = {},
  consent: object = { marketing: true },
  more: object = {},
): object {
  return {
    ...{ workspace: WORKSPACE, profile_id: id, version: 1, change_type: 'created', changed_at: NOW, live: true },
    ...{ traits: JSON.stringify(traits), consent: JSON.stringify(consent), identifiers: [], identifier_count: 0 },
    ...more,
  };
}

let messages = 0;
/** A row of kenal.interaction_rows. @param ago hours */
export function event(
  profileId: string,
  name: string,
  ago: number,
  properties: object = {},
  more: object = {},
): object {
  messages += 1;
  const at = NOW - ago * HOUR;
  return {
    ...{ workspace: WORKSPACE, source: 'web', message_id: `m${messages}`, type: 'track', name, channel: 'web' },
    ...{ occurred_at: at, received_at: at, client_at: at, owner: `user_id:${profileId}`, profile_id: profileId },
    ...{ ver: 1, properties: JSON.stringify(properties), receipt_collector: 'c1', receipt_sequence: messages, ...more },
  };
}

export function order(profileId: string, daysAgo: number): object {
  const money = { order_kind: 'snapshot', order_total: '20', order_refunded: '0', order_currency: 'USD' };
  return event(profileId, 'Order Completed', daysAgo * 24, {}, { order_id: `o${messages}`, ...money });
}

/** An invoice that is not paid. */
export function invoice(profileId: string, id: string, lateDays: number): object {
  const dueAt = new Date((NOW - lateDays * DAY) / 1_000).toISOString();
  return event(profileId, 'Invoice Due', 400, { invoice_id: id, due_at: dueAt });
}

/** A rule that leaves nobody alone, and sends what it finds at first too. */
export function rule(name: string, when: object, more: object = {}) {
  return { name, when, holdOut: 0, firstRun: 'send', ...more };
}

let rules = 0;
/** A rule that nobody has seen yet, and no others. */
export function only(when: object, more: object = {}) {
  rules += 1;
  return { rules: [rule(`r${rules}`, when, more)], cap: { most: 99 } };
}

export const who = (actions: readonly Action[]): string[] => actions.map(({ profileId }) => profileId).sort();

/** A topic that can be out of reach. */
function createTopic(): TopicWriter<Action> & { readonly sent: Action[]; isAway: boolean } {
  const topic = {
    sent: [] as Action[],
    isAway: false,
    append: async (items: readonly { value: Action }[]) => {
      if (topic.isAway) throw new Error('the log is away');
      topic.sent.push(...items.map(({ value }) => value));
      return [];
    },
  };
  return topic;
}

interface RunOptions {
  readonly page?: number;
  /** Of the process that decides. */
  readonly clock?: Clock;
  readonly segments?: object;
  /** So many inserts succeed. */
  readonly inserts?: number;
}

const SEGMENTS = { staff: { where: { trait: 'staff', eq: true } }, broken: { sql: 'SELECT nothing AS profile_id' } };

/** A warehouse, and mart `triggers` over it. */
export async function openShop() {
  const warehouse = await openWarehouse({ dataDir: await migratedDirectory() });
  await warehouse.migrate();
  const topic = createTopic();
  const ask = createAskWarehouse(warehouse);
  /** Statements of kenal.yaml that were asked, one by one. */
  const asked: string[] = [];
  const askDeclared: Ask = (workspace, statement, signal) => {
    asked.push(statement.sql);
    return ask(workspace, statement, signal);
  };

  /** One refresh. @returns what it sent */
  async function run(triggers: object, options: RunOptions = {}): Promise<Action[]> {
    const { page = 1_000, clock = systemClock, segments = {}, inserts = Number.POSITIVE_INFINITY } = options;
    const sources = [{ id: 'web', keys: [{ key: `sha256:${'0'.repeat(64)}` }] }];
    const said = { segments: { ...SEGMENTS, ...segments }, triggers };
    const config = kenalConfigSchema.parse({ workspaces: [{ id: WORKSPACE, sources, ...said }] });
    const declared = createDeclared(warehouse, askDeclared);
    const kept = dyingAfter(warehouse, inserts);
    const mart = createTriggers({
      warehouse,
      rules: createRules(kept, clock),
      readCandidates: createReadCandidates({ warehouse, declared, page }),
      declared,
      openFound: createOpenFound(warehouse),
      actionRows: createActionRows(kept, topic, clock),
      clock: systemClock,
    });
    const before = topic.sent.length;
    const [workspace] = config.workspaces;
    const { signal } = new AbortController();
    await mart.refresh({ workspace: workspace!, full: false, signal, note: async () => {} });
    return topic.sent.slice(before);
  }

  const state = () =>
    warehouse.query<{ rule: string; profile_id: string; state: string; reason: string }>(
      'SELECT rule, profile_id, state, reason FROM kenal.actions ORDER BY rule, profile_id',
      { workspace: WORKSPACE },
    );
  return { warehouse, topic, asked, run, state };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;

/** As it is for a process that is killed behind so many inserts. */
function dyingAfter(warehouse: Warehouse, inserts: number): Pick<Warehouse, 'query' | 'insert'> {
  let left = inserts;
  return {
    query: (sql, options) => warehouse.query(sql, options),
    async insert(table, rows) {
      if (left === 0) throw new Error('killed');
      left -= 1;
      await warehouse.insert(table, rows);
    },
  };
}
