import type { Warehouse } from '@kenal/warehouse';
import { PATIENT, readBytes } from '../thread/read-bytes.ts';
import { LINE_COLUMNS } from './lines.ts';

/** Lines of so many days are learned from, and of no more than so many lines: those of the last days. */
const WINDOW_DAYS = 730;
const MOST_LINES = 3_000_000;
/** A history that was imported ends with its last day. */
const QUIET_DAYS = 28;

// What was bought and kept, as view holdings has it: of an order that was cancelled or wholly given back nothing
const BOUGHT = `
  FROM
  (
    SELECT i.profile_id AS profile_id, concat(toString(i.source), ' ', i.order_id) AS order_key, i.item_id AS item_id,
      toTimeZone(i.occurred_at, assumeNotNull((SELECT timezone FROM kenal.workspace_settings))) AS moment,
      toInt32(toDate32(moment)) AS day, day + (toHour(moment) * 60 + toMinute(moment)) / 1440 AS at
    FROM (SELECT *, ifNull(quantity, 1) AS pieces, sum(pieces) OVER (PARTITION BY source, order_id, item_id) AS kept FROM kenal.order_items WHERE item_id != '') AS i
    WHERE i.pieces > 0 AND i.kept > 0 AND (i.source, i.order_id) NOT IN (SELECT source, order_id FROM kenal.orders WHERE status IN ('cancelled', 'refunded'))
  )
  WHERE day <= toInt32((SELECT today FROM kenal.workspace_settings))`;

const DAYS = `SELECT day, toInt32((SELECT today FROM kenal.workspace_settings)) AS today, count() AS lines, hex(groupBitXor(cityHash64(profile_id, order_key, item_id, at))) AS hash
  ${BOUGHT} GROUP BY day ORDER BY day DESC`;

/** What there is to learn from; days since 1970-01-01. */
export interface LineWindow {
  readonly since: number;
  readonly until: number;
  readonly lines: number;
  /** Whether there were too many to take all of the window. */
  readonly isCut: boolean;
  /** The same where the lines are. */
  readonly hash: string;
}

/** @returns null where nothing was ever bought */
export async function readWindow(warehouse: Warehouse, workspace: string): Promise<LineWindow | null> {
  const days = await warehouse.query<{ day: number; today: number; lines: number; hash: string }>(DAYS, {
    ...{ workspace, settings: PATIENT },
  });
  const [newest] = days;
  if (newest === undefined) return null;
  const until = newest.today - newest.day > QUIET_DAYS ? newest.day : newest.today;
  const window = days.filter(({ day }) => day > until - WINDOW_DAYS);
  let [lines, at] = [0, 0];
  while (at < window.length && (at === 0 || lines + window[at]!.lines <= MOST_LINES)) lines += window[at++]!.lines;
  const hash = window.slice(0, at).map(({ day, hash: own }) => `${day} ${own}`);
  return { since: window[at - 1]!.day, until, lines, isCut: at < window.length, hash: hash.join('\n') };
}

export async function readBought(
  warehouse: Warehouse,
  { workspace, since, signal }: { workspace: string; since: number; signal: AbortSignal },
): Promise<Uint8Array<ArrayBuffer>> {
  const sql = `SELECT ${LINE_COLUMNS} ${BOUGHT} AND day >= {since:Int32} ORDER BY profile_id, order_key, item_id, at`;
  return readBytes(warehouse, sql, { workspace, signal, params: { since } });
}

/** Items that are counted and of which nothing is left. */
export async function readSoldOut(warehouse: Warehouse, workspace: string): Promise<readonly string[]> {
  const sql = 'SELECT item_id FROM kenal.items_in_stock WHERE NOT in_stock ORDER BY item_id';
  const rows = await warehouse.query<{ item_id: string }>(sql, { workspace, settings: PATIENT });
  return rows.map(({ item_id: item }) => item);
}
