import { createHash } from 'node:crypto';
import type { Clock } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';
import type { DonorRecord } from './fit-donors.ts';
import type { ScoringThread } from './models-mart.ts';
import type { FitData, Registry } from './registry.ts';
import { LEAST } from './too-little.ts';

const RECORD = 'toInt32(x) AS x, toInt32(recency) AS recency, toInt32(periods) AS periods';
// Records of equal donors; today's year is no occasion yet
const NOW = `SELECT ${RECORD}, 0 AS later, count() AS weight, min(first_year) AS first
  FROM kenal.donors GROUP BY x, recency, periods ORDER BY periods, recency, x`;
/** As of the end of an earlier year, and the years with a gift that came since. */
const EARLIER = `
  SELECT ${RECORD}, toInt32(n.taken) - toInt32(x) AS later, count() AS weight, min(first_year) AS first
  FROM (SELECT profile_id, x, recency, periods, first_year FROM kenal.donors_as_of(as_of = {until:Date32})) AS e
  INNER JOIN (SELECT profile_id, x AS taken FROM kenal.donors) AS n ON e.profile_id = n.profile_id
  GROUP BY x, recency, periods, later ORDER BY periods, recency, x, later`;

interface Asking {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly thread: ScoringThread;
  readonly workspace: string;
  readonly full: boolean;
}

/** BG/BB of who gave in which calendar year. Nothing is written where nobody has ever given, as far as is known. */
export async function fitDonorsOf({ warehouse, clock, registry, thread, workspace, full }: Asking): Promise<void> {
  const now = await warehouse.query<DonorRecord & { first: number }>(NOW, { workspace });
  if (now.length === 0) return registry.gone('bg-bb', '');
  const first = Math.min(...now.map((row) => row.first));
  const longest = Math.max(...now.map(({ periods }) => periods));
  const sum = (of: readonly DonorRecord[]): number => of.reduce((all, { weight }) => all + weight, 0);
  const data: FitData = {
    ...{ model: 'bg-bb', currency: '', hash: createHash('sha256').update(JSON.stringify(now)).digest('hex') },
    ...{ first: dayOf(first), until: dayOf(first + longest + 1) - 1, customers: sum(now) },
    repeaters: sum(now.filter(({ x }) => x > 0)),
  };
  if (!full && registry.newest('bg-bb', '')?.fitId === registry.idOf(data)) return;
  const refusal = tooFew(data, longest);
  if (refusal !== null) return registry.refused(data, refusal);
  const years = Math.max(1, Math.floor(longest / 3));
  const until = `${first + longest - years}-12-31`;
  const earlier = await warehouse.query<DonorRecord>(EARLIER, { workspace, params: { until } });
  const { fit, cells, heldOut, seconds } = await thread.ask({ ask: 'donors', now, earlier, years });
  const [fitId, ver] = [registry.idOf(data), clock()];
  await warehouse.insert(
    'kenal.donor_cell_rows',
    cells.map((cell) => ({ workspace, fit_id: fitId, ...cell, ver })),
  );
  registry.fitted(data, {
    ...{ ...fit, limit: null, quality: { ...heldOut }, lift: [], holdoutFrom: dayOf(first + longest - years + 1) - 1 },
    ...{ horizonDays: Math.round(years * 365.25), used: true, why: 'the only model of donors', document: '', seconds },
  });
}

/** New Year, in days since 1970-01-01. */
const dayOf = (year: number): number => Date.UTC(year, 0, 1) / 86_400_000;

function tooFew({ customers, repeaters }: FitData, years: number): string | null {
  const lacks = [
    ...(customers < LEAST.donors ? [`${customers} donors, and ${LEAST.donors} are needed`] : []),
    ...(repeaters < LEAST.repeaters
      ? [`${repeaters} who gave in another year, and ${LEAST.repeaters} are needed`]
      : []),
    ...(years < LEAST.years ? [`${years} whole years after the first, and ${LEAST.years} are needed`] : []),
  ];
  return lacks.length === 0 ? null : `too little to learn from: there are ${lacks.join('; ')}`;
}
