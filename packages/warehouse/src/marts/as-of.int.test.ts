import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestWarehouse, temporaryWarehouse } from '../test-support.ts';
import { createHistory, knownBy, SETTINGS } from './testing/history.ts';

/** In the middle of things: in a month that is cut off, and at the end of one. */
const DAYS = ['2024-03-20', '2024-05-31'] as const;
const WHOLE = 'known';
const knownTo = (asOf: string): string => `known to ${asOf}`;

/** What the others stand on is asked of both days, each of the others of one: to ask takes a quarter of a second. */
const BASES = ['orders_as_of', 'customer_day_as_of', 'holdings_as_of', 'order_timeline_as_of', 'calls_as_of'];

/** They show what jobs have computed, and when. A history of events holds nothing of it. */
const OF_JOBS = ['trigger_uplift_as_of', 'donors_as_of', 'computed_attributes_as_of', 'segment_members_as_of'];

/** What goes by no day: a view may read it for any. */
const SETTLED = ['workspace_settings', 'tier_levels', 'goal_list', 'point_rules'];

/** What views take beside as_of. */
const TAKEN: Readonly<Record<string, string>> = {
  ...{ discount: '0.1', days: '30', years: '10' },
  measures: "'net,gross,margin,orders,points,bought'",
};

let warehouse: TestWarehouse;

beforeAll(async () => {
  warehouse = await temporaryWarehouse();
  const history = createHistory();
  const known = [[WHOLE, history] as const, ...DAYS.map((day) => [knownTo(day), knownBy(history, day)] as const)];
  const load = (table: string, rowsOf: (those: readonly object[]) => readonly object[]): Promise<void> =>
    warehouse.insert(
      table,
      known.flatMap(([workspace, those]) => rowsOf(those).map((row) => ({ ...row, workspace }))),
    );
  for (const [table, rows] of Object.entries(SETTINGS)) await load(table, () => rows);
  await load('kenal.interaction_rows', (those) => those);
});
afterAll(() => warehouse[Symbol.asyncDispose]());

interface View {
  readonly name: string;
  readonly sql: string;
}

/** Whether a view reads nothing but others, as of the same day: then it knows what they know. */
function isMadeOfOthers({ name, sql }: View): boolean {
  const rest = sql.replaceAll('`', '').replaceAll(/kenal\.\w+\(as_of = \{as_of:Date32\}/g, '');
  return [...rest.matchAll(/kenal\.(\w+)/g)].every(([, read]) => read === name || SETTLED.includes(read!));
}

/** Floats are added in another order where there are more rows. */
const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value;

async function ask(view: string, workspace: string): Promise<string[]> {
  const settings = { max_execution_time: 60 };
  const rows = await warehouse.query<object>(`SELECT * FROM ${view}`, { workspace, settings });
  return rows.map((row) => JSON.stringify(row, rounded)).sort();
}

const less = (some: readonly string[], others: readonly string[]): string[] => {
  const known = new Set(others);
  return some.filter((row) => !known.has(row)).slice(0, 3);
};

it('every view as of a day says of a whole history what it says of that which had happened by then', async () => {
  const views = await warehouse.query<View>(
    `SELECT name, create_table_query AS sql FROM system.tables WHERE database = 'kenal' AND name LIKE '%\\_as\\_of' ORDER BY name`,
    { role: 'writer' },
  );
  const own = views.filter((view) => !OF_JOBS.includes(view.name) && !isMadeOfOthers(view));
  expect([views.length > 40, own.length > 20]).toEqual([true, true]);
  const wrong: object[] = [];
  let seen = 0;
  for (const [i, { name, sql }] of own.entries()) {
    const taken = [...new Set([...sql.matchAll(/\{(\w+):/g)].map(([, parameter]) => parameter!))];
    for (const asOf of BASES.includes(name) ? DAYS : [DAYS[i % 2]!]) {
      const given = taken.map((one) => `${one} = ${one === 'as_of' ? `'${asOf}'` : TAKEN[one]}`);
      const view = `kenal.${name}(${given.join()})`;
      const [whole, part] = await Promise.all([ask(view, WHOLE), ask(view, knownTo(asOf))]);
      const [more, missing] = [less(whole, part), less(part, whole)];
      if (more.length > 0 || missing.length > 0 || whole.length !== part.length) wrong.push({ view, more, missing });
      seen += whole.length;
    }
  }
  expect(wrong).toEqual([]);
  expect(seen).toBeGreaterThan(10_000);
}, 120_000);

it('a line of an order that is stated again lies on the day on which the order first had its product', async () => {
  const lines = await warehouse.query(
    `SELECT item_id, quantity, toString(toDate(occurred_at)) AS day FROM kenal.order_items WHERE order_id = 'that loses its value and wins it again' ORDER BY line`,
    { workspace: WHOLE },
  );
  expect(lines).toEqual([
    { item_id: 'i0', quantity: '1', day: '2024-03-01' },
    { item_id: 'i1', quantity: '1', day: '2024-05-20' },
  ]);
});
