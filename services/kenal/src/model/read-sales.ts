import { createBuyingDays } from '@kenal/analytics';
import { UsageError } from '../cli/usage-error.ts';
import type { Instance } from '../client/instance.ts';
import { sqlRows } from '../client/sql.ts';
import type { Purchases } from './read-purchases.ts';

/** Purchases, wherever they come from. */
export type Sales = Pick<Purchases, 'days' | 'last'>;

const SALES = `SELECT profile_id, toInt32(day) AS day, toFloat64(gross) AS gross FROM customer_day WHERE orders > 0 AND gross > 0 AND currency = {currency:String}`;
const CURRENCIES =
  'SELECT currency, count() AS days FROM customer_day WHERE orders > 0 AND gross > 0 GROUP BY currency ORDER BY days DESC';

/**
 * Purchases of the warehouse in one currency; '' where there is only one.
 * @throws UsageError where there is none, or several and none is named
 */
export async function readSales(instance: Instance, currency: string): Promise<Sales> {
  const known = (await sqlRows<{ currency: string }>(instance, CURRENCIES)).map((row) => row.currency);
  if (known.length === 0)
    throw new UsageError('nobody has bought anything yet; name a file, or import one: kenal import');
  const wanted = currency === '' && known.length === 1 ? known[0]! : currency;
  if (!known.includes(wanted)) throw new UsageError(`name the currency: --currency ${known.join(' | ')}`);
  const builder = createBuyingDays();
  let last = Number.NEGATIVE_INFINITY;
  for (const row of await sqlRows<{ profile_id: string; day: number; gross: number }>(instance, SALES, {
    currency: wanted,
  })) {
    builder.add(row.profile_id, row.day, row.gross);
    last = Math.max(last, row.day);
  }
  return { days: builder.build(), last };
}
