import { createHash } from 'node:crypto';
import type { DriverEffect, Drivers } from '@kenal/analytics';
import type { Clock } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';
import { forgetOlder } from '../marts/forget-older.ts';
import type { Mart } from '../marts/mart.ts';
import { timeOf } from '../runs.ts';
import { type Fact, factDriversOf, observedOf } from './facts.ts';
import { openLoyalty } from './messages.ts';
import { todayOf } from './today.ts';

export interface DriversMartDeps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
}

/** Goes up where the same data may give other figures; 2: of what 1 had stored, some was lost by age (0037_keep_fits.sql). */
const VERSION = 2;
/** More tell nothing that could be seen. */
const MOST_CUSTOMERS = 50_000;
const SETTINGS = { max_execution_time: 600, max_memory_usage: String(4 * 1024 ** 3) };
const FACTS = `
  SELECT days, lapsed, products, first_channel, contacts, troubles, returns, satisfaction
  FROM kenal.loyalty_facts_as_of(as_of = {asOf:Date32}) ORDER BY cityHash64(profile_id), profile_id LIMIT {most:UInt32}`;
const KNOWN = 'SELECT any(fit_id) AS fit_id FROM kenal.loyalty_drivers';

/** Mart `drivers`: what goes along with lapsing, of what was known of customers 90 days after their first purchase. */
export function createDriversMart({ warehouse, clock }: DriversMartDeps): Mart {
  return {
    async refresh({ workspace: { id: workspace }, full, signal, note }) {
      const asOf = await todayOf(warehouse, workspace);
      await note('reading what is known of customers');
      const params = { asOf, most: MOST_CUSTOMERS };
      const facts = await warehouse.query<Fact>(FACTS, { workspace, params, signal, settings: SETTINGS });
      const fitId = createHash('sha256')
        .update(JSON.stringify(['drivers', VERSION, facts]))
        .digest('hex')
        .slice(0, 16);
      const [known] = await warehouse.query<{ fit_id: string }>(KNOWN, { workspace });
      if (!full && known?.fit_id === fitId) return { rows: 0 };
      await note(`comparing ${facts.length} customers`);
      const drivers = factDriversOf(facts);
      await using thread = openLoyalty(signal);
      const found = await thread.ask({ ask: 'drivers', observed: observedOf(facts), drivers });
      const now = clock();
      const base = { workspace, fit_id: fitId, as_of: asOf, computed_at: timeOf(now), ver: now };
      const rows = found.effects.map((effect, place) => {
        return { ...base, place, unit: drivers[place]!.unit, ...rowOf(found, effect) };
      });
      await warehouse.insert('kenal.loyalty_driver_rows', rows);
      await forgetOlder(warehouse, 'kenal.loyalty_driver_rows', { workspace, fitId });
      return { rows: rows.length };
    },
  };
}

function rowOf({ customers, events, concordance }: Drivers, effect: DriverEffect): object {
  return {
    ...{ driver: effect.name, customers: effect.customers, events: effect.events, hazard_ratio: effect.hazardRatio },
    ...{ low: effect.interval?.[0] ?? null, high: effect.interval?.[1] ?? null, p: effect.p },
    ...{ log_rank_p: effect.logRankP, why: effect.why },
    ...{ fit_customers: customers, fit_events: events, concordance },
  };
}
