import { ERASED } from '../erased.ts';
import type { LiveCopy } from '../live-copy.ts';
import { OVERRIDES } from '../overrides.ts';
import { quote } from '../param-text.ts';
import type { Warehouse } from '../warehouse.ts';
import { COUNT, DAYS, EVIDENCE, moves, NOW, PLAN, REDONE, SETTINGS, STATE } from './statements.ts';

export interface CustomerDaysAsk {
  readonly workspace: string;
  /** Fold everything, whatever has been folded. */
  readonly full: boolean;
  readonly signal?: AbortSignal;
  /** Told what is done next; where it rejects, the refresh ends there. */
  note(step: string): Promise<void>;
}

/** Of the customers of a generation so many may have been folded anew, until it is worth while to fold all. */
const REDONE_SHARE = 0.2;
/** Beside what the inserts that run are known to have taken: clocks are set by a little now and then. */
const SLACK_MICROS = 100_000;
const DAY_MICROS = 86_400_000_000;

const ROWS = ['kenal.customer_day_rows', 'kenal.customer_day_evidence', 'kenal.customer_day_redone'] as const;
const STAGES = ['kenal.customer_day_plan', 'kenal.customer_day_moves'] as const;

interface State {
  /** 0: nothing that was folded can be used. */
  readonly generation: number;
  readonly changed: number;
  /** That of the last mark, usable or not; 0: there is none. */
  readonly last: number;
  readonly customers: number;
  readonly redone: number;
}

/**
 * Fold the days of customers of whom something has changed since the last time (or of all) beforehand, so that view
 * `customer_day` need not. The view tells the same with it and without it, and while it runs. The mark is written last, so
 * one that ends anywhere before has done nothing.
 * @returns rows that were written
 */
export async function refreshCustomerDays(warehouse: Warehouse, ask: CustomerDaysAsk): Promise<{ rows: number }> {
  const { workspace, note, signal } = ask;
  const { seenTo, now } = await horizon(warehouse, workspace);
  const [state] = await warehouse.query<State>(STATE, { workspace, role: 'writer', params: { workspace } });
  const { generation: usable, changed, last, customers: known, redone } = state!;
  const all = ask.full || usable === 0 || changed + redone > known * REDONE_SHARE;
  const ver = now;
  const generation = all ? ver : usable;
  const options = { workspace, params: { workspace, ver, generation } };
  const write = async (sql: string): Promise<void> => {
    signal?.throwIfAborted();
    await (await warehouse.raw(sql, { ...options, role: 'writer' })).stream.resume().toArray();
  };
  const [settings] = await warehouse.query<{ timezone: string; revoked: string[] }>(SETTINGS, options);

  if (!all && changed > 0) {
    await note(`looking for the orders of ${changed} customers`);
    await write(PLAN);
  }
  if (all || changed > 0) {
    await note(all ? 'folding all orders' : 'folding their orders');
    await write(moves(all));
    await note('adding up days');
    await write(DAYS);
    await write(EVIDENCE);
    // From here on their rows of before are not read any more
    if (!all) await write(REDONE);
  }
  const [count] = await warehouse.query<{ rows: number; customers: number }>(COUNT, { ...options, role: 'writer' });
  const customers = all ? count!.customers : known;
  await note('marking what was seen');
  const mark = { workspace, generation, ...settings!, customers, ver, seen_to: String(seenTo) };
  await warehouse.insert('kenal.customer_day_marks', [mark]);

  // A query that began before may still read the generation of before. What a refresh left that died is older than any that runs.
  const oldest = last === 0 ? generation : Math.min(last, generation);
  for (const table of ROWS) await drop(warehouse, workspace, table, `generation < ${oldest}`);
  for (const table of STAGES) await drop(warehouse, workspace, table, `ver = ${ver} OR ver < ${ver - DAY_MICROS}`);
  return { rows: count!.rows };
}

/** Up to when everything that was stored is seen by whoever reads now; microseconds of the engine's clock. */
async function horizon(warehouse: Warehouse, workspace: string): Promise<{ seenTo: number; now: number }> {
  const [clock] = await warehouse.query<{ now: number; running: number }>(NOW);
  const { now, running } = clock!;
  // What a copy in memory does not have yet will be seen later than it was stored
  const behind = await Promise.all([OVERRIDES, ERASED].map((copy) => firstBehind(warehouse, workspace, copy)));
  return { now, seenTo: Math.min(now - running - SLACK_MICROS, ...behind.filter((at) => at !== null)) };
}

async function firstBehind(
  warehouse: Warehouse,
  workspace: string,
  { durable, seen }: LiveCopy,
): Promise<number | null> {
  const sql = `SELECT toUnixTimestamp64Micro(minOrNull(stored_at)) AS at FROM ${durable} FINAL WHERE workspace = {workspace:String} AND ${seen} < ver`;
  const [row] = await warehouse.query<{ at: number | null }>(sql, { role: 'writer', params: { workspace } });
  return row?.at ?? null;
}

/** Take away the partitions of a workspace of which the condition holds. */
async function drop(warehouse: Warehouse, workspace: string, table: string, condition: string): Promise<void> {
  const column = condition.slice(0, condition.indexOf(' '));
  const sql = `SELECT DISTINCT ${column} AS part FROM ${table} WHERE workspace = {workspace:String} AND (${condition})`;
  const parts = await warehouse.query<{ part: number }>(sql, { role: 'writer', params: { workspace } });
  for (const { part } of parts) {
    const statement = `ALTER TABLE ${table} DROP PARTITION (${quote(workspace)}, ${part})`;
    await (await warehouse.raw(statement, { role: 'writer' })).stream.resume().toArray();
  }
}
