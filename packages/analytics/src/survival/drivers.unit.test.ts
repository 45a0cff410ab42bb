import { expect, test } from 'vitest';
import { createChance } from '../numerics/chance.ts';
import { type Drivers, driversOf } from './drivers.ts';

const NAMES = ['products', 'troubles', 'by phone'] as const;
/** Each product more lowers the hazard by a quarter, each trouble raises it by three fifths, the first channel does nothing. */
const TRUTH = [0.75, 1.6, 1];

/** Customers watched for two years at most, who leave at a hazard that hangs on what they hold and met. */
function shop(seed: number, ratios: readonly number[], customers = 400) {
  const chance = createChance(seed);
  const columns = NAMES.map(() => new Float64Array(customers));
  const [time, event] = [new Float64Array(customers), new Uint8Array(customers)];
  for (let i = 0; i < customers; i += 1) {
    const values = [
      1 + Math.floor(4 * chance() ** 2),
      chance() < 0.25 ? 1 + Math.floor(2 * chance()) : 0,
      chance() < 0.3 ? 1 : 0,
    ];
    for (const [j, value] of values.entries()) columns[j]![i] = value;
    const hazard = values.reduce((product, value, j) => product * ratios[j]! ** value, 0.003);
    const [life, watch] = [-Math.log1p(-chance()) / hazard, 100 + Math.floor(chance() * 630)];
    time[i] = Math.min(watch, Math.ceil(life));
    event[i] = life <= watch ? 1 : 0;
  }
  return { observed: { time, event }, drivers: NAMES.map((name, j) => ({ name, values: columns[j]! })) };
}

const told = (seed: number, ratios: readonly number[]): Drivers => {
  const { observed, drivers } = shop(seed, ratios);
  return driversOf(observed, drivers);
};

test('products held and bad service are found with the truth in their intervals, and nothing where nothing was planted', () => {
  const runs = 30;
  const [covered, found, falsely] = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let seed = 1; seed <= runs; seed += 1) {
    for (const [j, { interval, p, logRankP }] of told(seed, TRUTH).effects.entries()) {
      if (interval![0] < TRUTH[j]! && TRUTH[j]! < interval![1]) covered[j]! += 1;
      if (p! < 0.05 && logRankP! < 0.05) found[j]! += 1;
    }
    for (const [j, { p }] of told(seed, [1, 1, 1]).effects.entries()) if (p! < 0.05) falsely[j]! += 1;
  }
  // 95 % of 30 is 28; fewer than 24 would be a chance of 1 in 1,000
  expect(Math.min(...covered)).toBeGreaterThanOrEqual(24);
  expect(Math.min(found[0]!, found[1]!)).toBeGreaterThanOrEqual(27);
  expect(Math.max(found[2]!, ...falsely)).toBeLessThanOrEqual(6);
}, 20_000);

test('what too few customers, events or differences tell is not told, and why', () => {
  const { observed, drivers } = shop(1, TRUTH);
  const same = { name: 'same', values: new Float64Array(400).fill(2) };
  const rare = { name: 'rare', values: Float64Array.from({ length: 400 }, (_, i) => (i < 6 ? 1 : 0)) };
  const { effects, concordance } = driversOf(observed, [...drivers, same, rare]);
  expect(effects.slice(3)).toMatchObject([
    { hazardRatio: null, interval: null, why: 'it is the same for all', customers: 0 },
    { hazardRatio: null, p: null, why: 'only 6 customers differ in it, at least 10 are needed', customers: 6 },
  ]);
  expect(effects[0]!.why).toBe('');
  expect(concordance).toBeGreaterThan(0.6);
  const event = observed.event.map((one, i) => (i % 9 === 0 ? one : 0));
  const few = driversOf({ time: observed.time, event }, drivers);
  expect(few.why).toMatch(/^\d+ events for \d drivers, at least \d0 are needed$/);
  expect(few.effects.every(({ hazardRatio }) => hazardRatio === null)).toBe(true);
  const nobody = driversOf({ time: [], event: [] }, [{ name: 'products', values: new Float64Array(0) }]);
  expect(nobody.effects[0]!.why).toBe('0 customers were watched, at least 20 are needed');
  expect(driversOf({ time: [], event: [] }, []).why).toBe('no driver can be told');
});
