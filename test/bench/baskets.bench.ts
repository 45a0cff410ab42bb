import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type BasketLines,
  basketsOf,
  evaluateRecommendations,
  frequentItemSets,
  type OrderLines,
  rulesOf,
} from '@kenal/analytics';
import { readBaskets, readOrderLines } from 'kenal';
import { plain, report } from './measure.ts';

// node test/bench/baskets.bench.ts: rules of what is bought together, reading left out. The musts are those of analytics.md,
// on its data where it is there; a shop of the same size that is made up, always.
const ROUNDS = 15;
const root = process.env.KENAL_REFERENCE_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const reference = (name: string): string => join(root, 'transactions', name);

/** The best of several rounds, as the peers were measured; the first round apart. */
function mine(name: string, lines: BasketLines, support: number, must?: number): void {
  const baskets = basketsOf(lines);
  const times: number[] = [];
  let told = '';
  let cpu = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const [began, before] = [performance.now(), process.cpuUsage()];
    const sets = frequentItemSets(baskets, { support });
    const { found } = rulesOf(sets, { confidence: 0.5 });
    times.push(performance.now() - began);
    const { user, system } = process.cpuUsage(before);
    cpu = Math.min(cpu, (user + system) / 1_000);
    told = `${plain(sets.size)} sets, ${plain(found)} rules`;
  }
  const [first] = times;
  const [best] = times.toSorted((one, other) => one - other);
  const detail = `${plain(baskets.count)} baskets, ${told}, at first ${plain(first!)} ms, at least ${plain(cpu)} CPU ms`;
  report({ measure: `rules: ${name}`, value: best!, unit: 'ms', detail, ...(must ? { must: { most: must } } : {}) });
}

/** Baskets around popular items and a hundred bundles, by a seed. */
function madeUp(baskets: number, items: number): BasketLines {
  let seed = 9;
  const random = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  const [basket, item]: [number[], number[]] = [[], []];
  for (let one = 0; one < baskets; one += 1) {
    const size = 1 + Math.floor(-21 * Math.log(1 - random()));
    const bundle = Math.floor(random() ** 2 * 100) * 7;
    for (let line = 0; line < size; line += 1) {
      basket.push(one);
      item.push(random() < 0.3 ? bundle + Math.floor(random() * 5) : Math.floor(random() ** 2 * items));
    }
  }
  return { basket, item };
}

mine('made up, .005/.5', madeUp(18_532, 3_665), 0.005);
if (existsSync(reference('groceries_baskets.csv')))
  mine('Groceries, .001/.5', (await readBaskets(reference('groceries_baskets.csv'), null)).lines, 0.001, 25);
if (existsSync(reference('online_retail.csv.gz'))) {
  const names = { '--customer': 'CustomerID', '--item': 'StockCode', '--order': 'InvoiceNo' };
  const columns = { names, date: 'InvoiceDate', quantity: 'Quantity', value: 'UnitPrice' };
  const { lines } = await readOrderLines(reference('online_retail.csv.gz'), columns);
  mine('Online Retail, .005/.5', { basket: lines.order, item: lines.item }, 0.005, 100);
  recommend(lines);
}

function recommend(lines: OrderLines): void {
  const [began, before] = [performance.now(), process.cpuUsage()];
  const { new: fresh, reorder } = evaluateRecommendations(lines, Date.parse('2011-11-08') / 86_400_000);
  const { user, system } = process.cpuUsage(before);
  const detail = `settings chosen and ${plain(reorder.customers)} customers judged in ${plain((performance.now() - began) / 1_000)} s, ${plain((user + system) / 1e6)} CPU s`;
  report({
    measure: 'recommend: new, hits of ten',
    value: fresh.hitRate10 * 100,
    unit: '%',
    detail,
    must: { least: 53 },
  });
  report({
    measure: 'recommend: reorder, hits of ten',
    value: reorder.hitRate10 * 100,
    unit: '%',
    must: { least: 86.5 },
  });
}
