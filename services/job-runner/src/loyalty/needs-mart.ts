import { createHash } from 'node:crypto';
import { type NeedModel, type NeedSegments, needPlacesOf } from '@kenal/analytics';
import type { Clock } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';
import { forgetOlder } from '../marts/forget-older.ts';
import type { Mart } from '../marts/mart.ts';
import { timeOf } from '../runs.ts';
import { openLoyalty } from './messages.ts';
import { createSpendingReader, type NeedScope, type SpendingReader } from './read-spending.ts';
import { namesOf } from './segment-names.ts';
import { todayOf } from './today.ts';

export interface NeedsMartDeps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
}

/** Goes up where the same data may give other segments; 2: of what 1 had stored, some was lost by age (0037_keep_fits.sql). */
const VERSION = 2;
const SEED = 1;
/** Customers that the segments are learnt of; all others are put to them. */
const SAMPLE = 2_000;
const CUSTOMERS_A_PART = 50_000;
const ROWS_AN_INSERT = 5_000;
const KNOWN = 'SELECT currency, fit_id, customers FROM kenal.need_fits';
const GONE = { model: null, why: 'nobody has bought anything in it, as far as is known', trials: [] } as const;

/** Mart `needs`: groups of customers by what their money goes to, for each currency, or why there are none. */
export function createNeedsMart({ warehouse, clock }: NeedsMartDeps): Mart {
  return {
    async refresh({ workspace: { id: workspace }, full, signal, note }) {
      const asOf = await todayOf(warehouse, workspace);
      const reader = createSpendingReader(warehouse, { workspace, asOf, signal });
      await note('reading what customers spend on');
      const known = await warehouse.query<KnownFit>(KNOWN, { workspace });
      await using thread = openLoyalty(signal);
      let rows = 0;
      const scopes = await reader.scopes();
      for (const scope of [...scopes, ...goneOf(known, scopes)]) {
        const fitId = fitIdOf(scope);
        if (!full && known.some(({ currency, fit_id }) => currency === scope.currency && fit_id === fitId)) continue;
        await note(`looking for groups among ${scope.customers} customers`);
        const found =
          scope.customers === 0
            ? GONE
            : await thread.ask({ ask: 'segments', spending: await sampleOf(reader, scope), seed: SEED });
        const base = { workspace, currency: scope.currency, fit_id: fitId };
        const placed = found.model === null ? [] : await place({ warehouse, clock, reader, scope, base }, found.model);
        rows += placed.reduce((sum, { customers }) => sum + customers, 0) + 1;
        // Last: from now on the segments of this fit are shown
        const now = clock();
        const fit = { ...base, ...fitOf(scope, found, placed), as_of: asOf, computed_at: timeOf(now), ver: now };
        await warehouse.insert('kenal.need_fit_rows', [fit]);
        await forgetOlder(warehouse, 'kenal.need_segment_rows', { workspace, currency: scope.currency, fitId });
      }
      return { rows };
    },
  };
}

interface KnownFit {
  readonly currency: string;
  readonly fit_id: string;
  readonly customers: number;
}

/** Currencies that were looked at, and in which nothing is left: their segments hold no longer. */
function goneOf(known: readonly KnownFit[], scopes: readonly NeedScope[]): NeedScope[] {
  const gone = known.filter((fit) => fit.customers > 0 && scopes.every(({ currency }) => currency !== fit.currency));
  return gone.map(({ currency }) => ({ currency, categories: [], customers: 0, mark: '' }));
}

function fitIdOf(scope: NeedScope): string {
  return createHash('sha256')
    .update(JSON.stringify(['needs', VERSION, scope]))
    .digest('hex')
    .slice(0, 16);
}

/** Those whose hash comes first: the same as long as the same customers buy. */
function sampleOf(reader: SpendingReader, scope: NeedScope) {
  const parts = Math.max(1, Math.floor(scope.customers / (4 * SAMPLE)));
  return reader.spending(scope, parts, 0, SAMPLE);
}

interface Placing extends NeedsMartDeps {
  readonly reader: SpendingReader;
  readonly scope: NeedScope;
  readonly base: { readonly workspace: string; readonly currency: string; readonly fit_id: string };
}

interface PlacedSegment {
  readonly name: string;
  readonly customers: number;
  readonly stability: number;
}

/** Everybody to their segment. @returns the segments with everybody in them */
async function place({ warehouse, clock, reader, scope, base }: Placing, model: NeedModel): Promise<PlacedSegment[]> {
  const width = scope.categories.length;
  const spent = model.stabilities.map(() => new Float64Array(width));
  const customers = model.stabilities.map(() => 0);
  const parts = Math.ceil(scope.customers / CUSTOMERS_A_PART);
  for (let part = 0; part < parts; part += 1) {
    const read = await reader.spending(scope, parts, part, 2 * CUSTOMERS_A_PART);
    const { segment, distance } = needPlacesOf(model, read);
    const now = clock();
    const stamp = { ...base, computed_at: timeOf(now), ver: now };
    const rows: object[] = [];
    for (const [i, own] of segment.entries()) {
      if (own < 0) continue;
      customers[own]! += 1;
      for (let j = 0; j < width; j += 1) spent[own]![j]! += read.spent[i * width + j]!;
      rows.push({ ...stamp, profile_id: read.profiles[i]!, segment: own + 1, distance: distance[i]! });
    }
    for (let from = 0; from < rows.length; from += ROWS_AN_INSERT)
      await warehouse.insert('kenal.need_segment_rows', rows.slice(from, from + ROWS_AN_INSERT));
  }
  const names = namesOf(spent, scope.categories);
  return model.stabilities.map((stability, c) => ({ name: names[c]!, customers: customers[c]!, stability }));
}

function fitOf(scope: NeedScope, found: NeedSegments, segments: readonly PlacedSegment[]): object {
  return {
    found: found.model !== null,
    why: found.model === null ? found.why : '',
    customers: scope.customers,
    categories: scope.categories,
    stability: found.model?.stability ?? null,
    segments,
    trials: found.trials.map(({ aboveChance, ...trial }) => ({ ...trial, above_chance: aboveChance })),
  };
}
