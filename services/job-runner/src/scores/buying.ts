import type { Warehouse } from '@kenal/warehouse';
import { PATIENT, type Question, readBytes } from '../thread/read-bytes.ts';
import { BUYING_COLUMNS } from './buying-part.ts';

// A row where it says something else than before; an empty one where a customer has no buying day any more. The hash of what was never
// there is 0. Of orders and order lines each is folded once.
const REFRESH = `
  INSERT INTO kenal.buying_rows
  SELECT {of:String} AS workspace, if(empty(f.days), k.profile_id, f.profile_id) AS profile_id, if(empty(f.days), k.currency, f.currency) AS currency,
    f.days AS days, f.gross AS gross, f.orders AS orders, f.units AS units, f.returned_days AS returned_days, f.returned AS returned, if(empty(f.days), 0, f.products) AS products, if(empty(f.days), 0, f.hash) AS hash,
    {ver:UInt64} AS ver
  FROM
  (
    SELECT d.profile_id AS profile_id, d.currency AS currency, d.rows.1 AS days, d.rows.2 AS gross, d.rows.3 AS orders, d.rows.4 AS units,
      d.back.1 AS returned_days, d.back.2 AS returned, h.products AS products,
      cityHash64(days, gross, orders, units, returned_days, returned, products) AS hash
    FROM
    (
      SELECT profile_id, toString(c.currency) AS currency,
        arraySort(groupArrayIf((toInt32(c.day), toFloat64(c.gross), toUInt32(c.orders), toFloat64(c.units)), c.orders > 0 AND c.gross > 0)) AS rows,
        arraySort(groupArrayIf((toInt32(c.day), toFloat64(c.returns) - if(c.orders > 0 AND c.gross > 0, 0, toFloat64(c.gross)) AS less), less != 0)) AS back
      FROM kenal.customer_day AS c
      WHERE c.day <= (SELECT today FROM kenal.workspace_settings)
      GROUP BY profile_id, currency HAVING notEmpty(rows)
    ) AS d
    LEFT JOIN
    (
      SELECT profile_id, toUInt32(products) AS products FROM kenal.holdings
    ) AS h ON d.profile_id = h.profile_id
  ) AS f
  FULL JOIN
  (
    SELECT profile_id, toString(b.currency) AS currency, b.hash AS hash FROM kenal.buying_rows AS b FINAL WHERE workspace = {of:String}
  ) AS k ON f.profile_id = k.profile_id AND f.currency = k.currency
  WHERE if(empty(f.days), k.hash != 0, {full:Bool} OR k.hash != f.hash)`;

const OWN = `kenal.buying_rows FINAL WHERE workspace = {of:String}`;

/** Bring the buying rows of a workspace up to what its customers have bought. @param full write every row again */
export async function refreshBuying(
  warehouse: Warehouse,
  { workspace, full, ver, signal }: { workspace: string; full: boolean; ver: number; signal: AbortSignal },
): Promise<void> {
  const params = { of: workspace, full, ver };
  const answer = await warehouse.raw(REFRESH, { workspace, role: 'writer', params, signal, settings: PATIENT });
  await answer.stream.resume().toArray();
}

/** What there is to learn from; days since 1970-01-01. */
export interface Window {
  readonly first: number;
  readonly last: number;
  readonly customers: number;
  readonly repeaters: number;
  /** The same where the data are. */
  readonly hash: string;
}

const WINDOW = `toInt32(min(days[1])) AS first, toInt32(max(days[-1])) AS last, uniqExact(profile_id) AS customers,
  uniqExactIf(profile_id, length(days) > 1) AS repeaters, hex(groupBitXor(cityHash64(profile_id, currency, hash))) AS hash`;

/** @returns of each currency, and of all together under '*'; nothing where nobody has bought */
export async function readWindows(warehouse: Warehouse, workspace: string): Promise<ReadonlyMap<string, Window>> {
  const ask = (currency: string, group: string): Promise<(Window & { currency: string })[]> =>
    warehouse.query(`SELECT ${currency} AS name, ${WINDOW} FROM ${OWN} AND notEmpty(days) ${group}`, {
      ...{ workspace, params: { of: workspace }, settings: PATIENT },
    });
  const rows = [
    ...(await ask('toString(currency)', 'GROUP BY name ORDER BY name')),
    ...(await ask("'*'", 'HAVING customers > 0')),
  ] as unknown as (Window & { name: string })[];
  return new Map(rows.map(({ name, ...window }) => [name, window]));
}

/** Today; where nobody has bought anything for four weeks, the last day on which somebody did: a history that was imported ends there. */
const QUIET_DAYS = 28;

/** @returns the last day that counts, in days since 1970-01-01 */
export async function readAsOf(warehouse: Warehouse, workspace: string, last: number): Promise<number> {
  const [row] = await warehouse.query<{ today: number }>(
    'SELECT toInt32(today) AS today FROM kenal.workspace_settings',
    {
      workspace,
    },
  );
  return row!.today - last > QUIET_DAYS ? last : row!.today;
}

const CELLS = `
  SELECT x, recency, age, later, toFloat64(count())
  FROM
  (
    SELECT arrayFilter(day -> day <= {until:Int32}, days) AS seen, toInt32(length(seen) - 1) AS x, toInt32(seen[-1] - seen[1]) AS recency,
      toInt32({until:Int32} - seen[1]) AS age, toInt32(arrayCount(day -> day > {until:Int32} AND day <= {until:Int32} + {horizon:Int32}, days)) AS later
    FROM ${OWN} AND currency = {currency:String} AND notEmpty(days) AND days[1] <= {until:Int32}
  )
  GROUP BY x, recency, age, later ORDER BY x, recency, age, later`;

/** Of customers who had bought again by the day: their mean of the days after the first, and that of the horizon; 0 where nothing came. */
const SPENDERS = `
  SELECT toInt32(length(seen) - 1) AS x, arraySum(arraySlice(paid, 2)) / x AS mean, if(empty(after), 0, arraySum(after) / length(after)) AS later
  FROM
  (
    SELECT profile_id, arrayFilter(day -> day <= {until:Int32}, days) AS seen, arraySlice(gross, 1, length(seen)) AS paid,
      arrayFilter((value, day) -> day > {until:Int32} AND day <= {until:Int32} + {horizon:Int32}, gross, days) AS after
    FROM ${OWN} AND currency = {currency:String} AND length(days) > 1 AND cityHash64(profile_id) % 1000000 < {share:UInt32}
  )
  WHERE length(seen) > 1 ORDER BY profile_id`;

const SAMPLE = `SELECT ${BUYING_COLUMNS} FROM ${OWN} AND notEmpty(days) AND cityHash64(profile_id) % 1000000 < {share:UInt32} ORDER BY profile_id, currency`;

// A customer whose rows say something else than what the scores were computed from, or who was scored on another basis, in whatever currency
const TOUCHED = `
  SELECT ${BUYING_COLUMNS} FROM ${OWN} AND profile_id >= {from:String} AND ({to:String} = '' OR profile_id < {to:String}) AND profile_id IN
  (
    SELECT b.profile_id FROM (SELECT profile_id, toString(currency) AS money, hash FROM ${OWN} AND profile_id >= {from:String} AND ({to:String} = '' OR profile_id < {to:String})) AS b
    LEFT JOIN
    (
      SELECT profile_id, toString(currency) AS money, input, basis, hidden FROM kenal.score_rows FINAL
      WHERE workspace = {of:String} AND profile_id >= {from:String} AND ({to:String} = '' OR profile_id < {to:String})
    ) AS s ON b.profile_id = s.profile_id AND b.money = s.money
    WHERE if(b.hash = 0, NOT s.hidden, {full:Bool} OR s.input != b.hash OR s.basis != {basis:String})
  )
  ORDER BY profile_id, currency`;

// The first customer of each part
const PARTS = `SELECT profile_id FROM (SELECT profile_id, row_number() OVER (ORDER BY profile_id) AS place FROM (SELECT DISTINCT profile_id FROM kenal.buying_rows WHERE workspace = {of:String}))
  WHERE (place - 1) % {size:UInt32} = 0 ORDER BY profile_id`;

const MILLION = 1_000_000;
const shareOf = (most: number, of: number): number => Math.min(MILLION, Math.ceil((most / Math.max(1, of)) * MILLION));

/** Reads buying rows for the thread: cells, spends and samples, never all customers at once. */
export function createBuyingReader(warehouse: Warehouse, { workspace, signal }: Question) {
  const read = (sql: string, params: object) =>
    readBytes(warehouse, sql, { workspace, signal, params: { of: workspace, ...params } });
  return {
    cells: (currency: string, until: number, horizon: number) => read(CELLS, { currency, until, horizon }),
    spenders: (currency: string, until: number, horizon: number, most: number, repeaters: number) =>
      read(SPENDERS, { currency, until, horizon, share: shareOf(most, repeaters) }),
    sample: (most: number, customers: number) => read(SAMPLE, { share: shareOf(most, customers) }),
    /** Customers who have to be scored again, in parts; a part may be empty. */
    async *touched(full: boolean, basis: string, size: number) {
      const params = { of: workspace, size };
      const rows = await warehouse.query<{ profile_id: string }>(PARTS, { workspace, params, settings: PATIENT });
      for (const [at, { profile_id: from }] of rows.entries())
        yield await read(TOUCHED, { from, to: rows[at + 1]?.profile_id ?? '', full, basis });
    },
  };
}
export type BuyingReader = ReturnType<typeof createBuyingReader>;
