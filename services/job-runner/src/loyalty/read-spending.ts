import type { NeedSpending } from '@kenal/analytics';
import type { Warehouse } from '@kenal/warehouse';

/** What customers of a currency spent on the categories that are looked at. */
export interface ReadSpending extends NeedSpending {
  /** By row. */
  readonly profiles: readonly string[];
}

/** What is looked at in a currency. */
export interface NeedScope {
  readonly currency: string;
  /** Those that most is spent on, the largest first. */
  readonly categories: readonly string[];
  readonly customers: number;
  /** Changes where anything was bought or given back. */
  readonly mark: string;
}

const MOST_CATEGORIES = 30;
const SETTINGS = { max_execution_time: 600, max_memory_usage: String(4 * 1024 ** 3) };

const SCOPES = `
  SELECT currency, groupArrayIf({most:UInt32})(category, category != '') AS categories, uniqExactMerge(buyers) AS customers, toString(groupBitXor(mark)) AS mark
  FROM
  (
    SELECT currency, category, sum(spent) AS total, uniqExactState(profile_id) AS buyers,
      cityHash64(category, groupBitXor(cityHash64(profile_id, spent, orders))) AS mark
    FROM kenal.needs_as_of(as_of = {asOf:Date32}) 
    GROUP BY currency, category ORDER BY total DESC, category
  )
  GROUP BY currency ORDER BY currency`;

const SPENDING = `
  SELECT profile_id, arrayMap(one -> bought[one].1, {categories:Array(String)}) AS spent, arrayMap(one -> bought[one].2, {categories:Array(String)}) AS orders
  FROM
  (
    SELECT profile_id, CAST((groupArray(category), groupArray((toFloat64(spent), toUInt32(orders)))), 'Map(String, Tuple(Float64, UInt32))') AS bought
    FROM kenal.needs_as_of(as_of = {asOf:Date32})
    WHERE currency = {currency:String} AND category IN {categories:Array(String)} AND cityHash64(profile_id) % {parts:UInt32} = {part:UInt32}
    GROUP BY profile_id
  )
  ORDER BY cityHash64(profile_id), profile_id LIMIT {limit:UInt32}`;

export interface SpendingReader {
  scopes(): Promise<NeedScope[]>;
  /** One of `parts` parts, at most `limit` customers; a part is the same in each call. */
  spending(scope: NeedScope, parts: number, part: number, limit: number): Promise<ReadSpending>;
}

/** @param asOf last day that counts, as YYYY-MM-DD */
export function createSpendingReader(
  warehouse: Warehouse,
  options: { readonly workspace: string; readonly asOf: string; readonly signal: AbortSignal },
): SpendingReader {
  const { workspace, asOf, signal } = options;
  const asking = { workspace, signal, settings: SETTINGS };
  return {
    scopes: () => warehouse.query<NeedScope>(SCOPES, { ...asking, params: { asOf, most: MOST_CATEGORIES } }),
    async spending({ currency, categories }, parts, part, limit) {
      const params = { asOf, currency, categories, parts, part, limit };
      const rows = await warehouse.query<{ profile_id: string; spent: number[]; orders: number[] }>(SPENDING, {
        ...asking,
        params,
      });
      return {
        categories: categories.length,
        profiles: rows.map(({ profile_id }) => profile_id),
        spent: Float64Array.from(rows.flatMap(({ spent }) => spent)),
        orders: Float64Array.from(rows.flatMap(({ orders }) => orders)),
      };
    },
  };
}
