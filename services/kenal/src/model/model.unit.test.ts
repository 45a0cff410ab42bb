import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { kenalHere, temporaryDirectory } from '../testing/cli.ts';
import { fitRepeatTo, historiesIn, judgeFile, readPurchases, windowOf } from './index.ts';

const root = process.env.KENAL_REFERENCE_DATA ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const reference = (name: string): string => join(root, 'transactions', name);
const folder = temporaryDirectory();

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function model(...args: readonly string[]) {
  const { code, stdout, stderr } = await kenalHere(folder, ['model', ...args, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

/** Relative, for figures that are printed to a few digits. */
function expectFigures(
  found: Readonly<Record<string, number>>,
  printed: Readonly<Record<string, number>>,
  share: number,
) {
  expect(Object.keys(found)).toEqual(Object.keys(printed));
  for (const [name, value] of Object.entries(printed)) expect(Math.abs(found[name]! / value - 1)).toBeLessThan(share);
}

const cdnow = reference('clvtools_cdnow.csv');
describe.skipIf(!existsSync(cdnow))('CDNOW, to the published figures (needs ../shared/data)', () => {
  const columns = ['--customer', 'Id', '--date', 'Date', '--value', 'Price', '--until', '1997-09-30'];
  const fit = (name: string) => model('fit', cdnow, ...columns, '--horizon-weeks', '39', '--model', name);

  // Fader, Hardie & Lee 2005 and the packages BTYD, CLVTools, lifetimes; the last digits are those of their searches
  test.each([
    [
      'bg-nbd',
      { r: 0.242594542, alpha: 4.41360188, a: 0.792919915, b: 2.42588806 },
      -9582.429207,
      [1653.4, 0.7855, 0.6256],
    ],
    ['mbg-nbd', { r: 0.5248436, alpha: 6.1830929, a: 0.8913878, b: 1.6140483 }, -9582.135725, [1576.7, 0.7648, 0.6273]],
    ['pareto-nbd', { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 }, -9594.97618, [1665.6, 0.7545, 0.6302]],
  ] as const)('%s', async (name, parameters, logLikelihood, [predicted, mae, correlation]) => {
    const report = await fit(name);
    expect(report).toMatchObject({ customers: 2357, sumX: 2457, ridge: false, converged: true });
    expect([report.sumTx.toFixed(4), report.sumT.toFixed(4)]).toEqual(['16135.5714', '77111.2857']);
    expectFigures(report.parameters, parameters, name === 'pareto-nbd' ? 6e-4 : 5e-5);
    expect(report.logLikelihood).toBeCloseTo(logLikelihood, 4);
    expect(report.holdout.actual).toBe(1882);
    expect(Math.abs(report.holdout.predicted - predicted)).toBeLessThan(0.1);
    expect(report.holdout.mae).toBeCloseTo(mae, 4);
    expect(report.holdout.correlation).toBeCloseTo(correlation, 4);
    if (name === 'pareto-nbd')
      expectFigures(report.standardErrors, { r: 0.0476, alpha: 0.8427, s: 0.1873, beta: 6.2105 }, 1e-3);
  });

  test('gamma-gamma, and what its customers 1 to 10 are expected to spend', async () => {
    const report = await fit('gamma-gamma');
    expect(report.customers).toBe(946);
    expectFigures(report.parameters, { p: 6.24935, q: 3.74426, v: 15.44431 }, 6e-5);
    expect(report.logLikelihood).toBeCloseTo(-4055.9177, 4);
    const out = join(folder, 'cdnow.csv');
    await model('predict', cdnow, ...columns, '--horizon-weeks', '39', '--model', 'bg-nbd', '--out', out);
    const rows = readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const spendOf = new Map(rows.slice(1).map(([customer, , spend]) => [customer, Number(spend)]));
    const published = [24.66, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17];
    for (const [i, spend] of published.entries())
      expect(Math.abs(spendOf.get(String(i + 1))! - spend)).toBeLessThan(0.011);
    expect(rows).toHaveLength(2358);
    expect(rows.slice(1).reduce((sum, [, purchases]) => sum + Number(purchases), 0)).toBeCloseTo(1653.4, 0);
    for (const [, , , clv, p10, p50, p90, alive, active] of rows.slice(1).map((row) => row.map(Number))) {
      expect([p10! <= p50! && p50! <= p90!, clv! > 0, active! <= alive! && alive! <= 1]).toEqual([true, true, true]);
    }
  });
});

/** Reached on 30 November 2026; less is a loss. */
function expectChurn(
  found: { auc: number | null; aucRecency: number | null; slope: number | null },
  [auc, recency]: readonly [number, number],
) {
  expect(found.auc!).toBeGreaterThanOrEqual(auc);
  expect(found.aucRecency!.toFixed(3)).toBe(recency.toFixed(3));
  expect(found.slope!).toBeGreaterThan(0.9);
  expect(found.slope!).toBeLessThan(1.1);
}

test.skipIf(!existsSync(cdnow))(
  'CDNOW: who comes back within 39 weeks is ranked above the best peer, calibrated (needs ../shared/data)',
  async () => {
    const columns = ['--customer', 'Id', '--date', 'Date', '--value', 'Price'];
    const report = await model('churn', cdnow, ...columns, '--origin', '1997-09-30', '--horizon-days', '273');
    const [found] = report.origins;
    expect(Object.keys(report)).toEqual(['origins', 'meanAuc', 'seconds', 'leftOut', 'warnings']);
    expect([found.origin, found.customers, report.meanAuc]).toEqual(['1997-09-30', 2357, found.auc]);
    expectChurn(found, [0.785, 0.771]);
    expect(found.liftByDecile).toHaveLength(10);
    expect(found.liftByDecile[0]).toBeGreaterThan(2.7);
    for (const { origin, horizonDays } of found.learnedFrom)
      expect(Date.parse(origin) + horizonDays * 86_400_000).toBeLessThanOrEqual(Date.parse('1997-09-30'));
  },
);

const online = reference('online_retail.csv.gz');
test.skipIf(!existsSync(online))(
  'Online Retail has the published customers and gaps, a ridge where nobody is seen leaving, and churn above the best peer (needs ../shared/data)',
  async () => {
    const columns = { customer: 'CustomerID', date: 'InvoiceDate', value: 'UnitPrice', quantity: 'Quantity' };
    const purchases = await readPurchases(online, columns);
    const at = (day: string) => {
      const window = windowOf(purchases, Date.parse(day) / 86_400_000, undefined);
      return { window, histories: historiesIn(purchases, window) };
    };
    const { histories } = at('2011-12-09');
    expect([histories.x.length, histories.x.reduce((sum, x) => sum + x, 0)]).toEqual([4338, 12_425]);
    const { window, histories: past } = at('2011-08-31');
    const { report } = fitRepeatTo('bg-nbd', past, window);
    expect(report).toMatchObject({ ridge: true, standardErrors: { a: null }, limit: { model: 'nbd' } });
    expect(report.limit!.logLikelihood).toBeCloseTo(report.logLikelihood, 3);
    expect(report.limit!.parameters.r).toBeCloseTo(report.parameters.r!, 3);
    // The same reading serves churn
    const origins = ['2011-05-31', '2011-06-30', '2011-07-31', '2011-08-31'];
    const warnings: string[] = [];
    const churn = judgeFile(
      purchases,
      origins.map((day) => Date.parse(day) / 86_400_000),
      100,
      (sentence) => warnings.push(sentence),
    );
    expect([churn.origins.map(({ customers }) => customers), warnings]).toEqual([[2718, 2960, 3148, 3317], []]);
    const reached = [0.762, 0.768, 0.769, 0.747];
    const recency = [0.671, 0.684, 0.696, 0.685];
    for (const [i, found] of churn.origins.entries()) expectChurn(found, [reached[i]!, recency[i]!]);
    expect(churn.meanAuc!).toBeGreaterThan(0.7615);
  },
);

test('counted files are fitted, each cohort and all together', async () => {
  const donors = write('donors.csv', 'frequency,recency,periods,weights\n0,0,6,34\n3,6,6,20\n6,6,6,12\n1,2,6,9\n');
  expect(await model('fit', donors, '--cells', '--model', 'bg-bb')).toMatchObject({
    customers: 75,
    sumX: 141,
    sumTx: 210,
    sumT: 450,
  });
  const cohorts = write('cohorts.csv', 'cohort,n0,year,survivors\na,100,1,80\na,100,2,70\nb,50,1,20\nb,50,2,12\n');
  const report = await model('fit', cohorts, '--cells', '--model', 'sbg');
  expect(report.customers).toBe(150);
  expect(
    report.cohorts.map(({ cohort, customers }: { cohort: string; customers: number }) => [cohort, customers]),
  ).toEqual([
    ['a', 100],
    ['b', 50],
  ]);
  expect(Object.keys(report.cohorts[0].parameters)).toEqual(['alpha', 'beta']);
});

const SHOP =
  'who,when,price,pieces\nann,2026-01-02,10,1\nann,2026-01-09,0,2\nann,2026-01-20,5,2\nbob,2026-01-03,9,-1\n,2026-01-04,9,1\ncid,2026-01-05,7,1\ncid,soon,7,1\n';

test('rows that are no purchase are left out by rule, counted, and the first that nobody can read is told', async () => {
  const shop = write('shop.csv', SHOP);
  const columns = ['--customer', 'who', '--date', 'when', '--value', 'price', '--quantity', 'pieces'];
  const { code, stdout, stderr } = await kenalHere(folder, ['model', 'fit', shop, ...columns, '--model', 'mbg-nbd']);
  expect(code).toBe(0);
  expect(stderr).toContain('of 7 rows were left out: 1 without a customer, 1 unreadable, 2 returns');
  expect(stderr).toMatch(/the first: line 8: when: .*soon/);
  expect(stdout).toMatch(/^customers +2$/m);
  // Without pieces an amount of 0 is a purchase
  const report = await kenalHere(folder, [
    'model',
    'fit',
    shop,
    ...columns.slice(0, 6),
    '--model',
    'mbg-nbd',
    '--json',
  ]);
  const json = JSON.parse(report.stdout);
  expect(json).toMatchObject({ customers: 3, sumX: 2, leftOut: { nobody: 1, unreadable: 1, notBought: 0 } });
  expect(report.stderr).toContain('! 1 row cannot be read and is left out; the first: line 8');
  // Three customers: the figures are given, and what they are worth is said after all others
  expect(Object.keys(json).slice(-5)).toEqual(['seconds', 'leftOut', 'tooLittle', 'reason', 'warnings']);
  expect(json.warnings).toEqual([]);
  expect([json.tooLittle, json.reason]).toEqual([
    true,
    expect.stringMatching(/3 customers, and 100 are needed; 1 who/),
  ]);
  expect(report.stderr).toContain('! too little to learn from: there are 3 customers');
});

test('too little past, and a horizon that nobody has seen the end of, are told; figures are null, not made up', async () => {
  const shop = write('shop.csv', SHOP);
  const columns = ['--customer', 'who', '--date', 'when', '--origin', '2026-01-06', '--horizon-days', '20'];
  const { code, stdout, stderr } = await kenalHere(folder, ['model', 'churn', shop, ...columns, '--json']);
  expect(code).toBe(0);
  expect(stderr).toContain('! the horizon of 2026-01-06 ends on 2026-01-26 and the purchases on 2026-01-20');
  expect(stderr).toMatch(
    /2026-01-06: too little to learn from, .*: there are 4 days before the origin, and 56 are needed/,
  );
  const [found] = JSON.parse(stdout.trim().split('\n').at(-1)!).origins;
  expect(found).toMatchObject({ origin: '2026-01-06', customers: 3, slope: null, intercept: null, learnedFrom: [] });
  const people = await kenalHere(folder, ['model', 'churn', shop, ...columns]);
  expect(people.stdout).toMatch(/^2026-01-06 +3 +[\d.]+ +[\d.]+ +- +- /m);
});

test('a decimal comma is read where it is said to be one, and else the row names the option', async () => {
  const shop = write('comma.csv', 'who;when;price\nann;2026-01-02;10,5\nann;2026-01-09;1.000,5\nann;2026-01-20;1,5\n');
  const columns = { customer: 'who', date: 'when', value: 'price' };
  const { days, leftOut } = await readPurchases(shop, { ...columns, decimal: 'comma' });
  expect([leftOut.unreadable, [...days.value].reduce((sum, one) => sum + one, 0)]).toEqual([0, 1_012.5]);
  await expect(readPurchases(shop, columns)).rejects.toThrow(/"10,5" is not a number; .*--decimal comma/);
  const american = write('american.csv', 'who;when;price\nann;2026-01-02;1,131.50\n');
  await expect(readPurchases(american, columns)).rejects.toThrow(/"1,131.50" is not a number; .*--decimal .* point/);
});

const CHURN = ['--customer', 'who', '--date', 'when', '--horizon-days', '9', '--origin'];
test.each<[string, readonly string[], RegExp]>([
  ['an origin before all purchases', ['churn', 'shop.csv', ...CHURN, '2020-01-01'], /nobody had bought by 2020-01-01/],
  ['an origin with nothing after it', ['churn', 'shop.csv', ...CHURN, '2026-01-20'], /nothing comes after 2026-01-20/],
  ['an origin that is named twice', ['churn', 'shop.csv', ...CHURN, '2026-01-06,2026-01-06'], /names a day twice/],
  ['an origin that is no day', ['churn', 'shop.csv', ...CHURN, 'soon'], /--origin must be a day like/],
  ['no columns', ['fit', 'shop.csv', '--model', 'bg-nbd'], /--customer COLUMN --date COLUMN/],
  [
    'a column that is not there',
    ['fit', 'shop.csv', '--model', 'bg-nbd', '--customer', 'nobody', '--date', 'when'],
    /--customer names the column nobody.*it has who, when/,
  ],
  ['a model that is none', ['fit', 'shop.csv', '--model', 'magic'], /--model must be one of bg-nbd/],
  [
    'a window before all purchases',
    ['fit', 'shop.csv', '--model', 'bg-nbd', '--customer', 'who', '--date', 'when', '--until', '2020-01-01'],
    /nobody had bought by 2020-01-01; the purchases end on/,
  ],
  [
    'a day that is none',
    ['fit', 'shop.csv', '--model', 'bg-nbd', '--until', '2026-02-30'],
    /--until must be a day like/,
  ],
  ['a counted model without --cells', ['fit', 'shop.csv', '--model', 'sbg'], /add --cells/],
  [
    'cells of a model that has none',
    ['fit', 'shop.csv', '--model', 'bg-nbd', '--cells'],
    /--cells is for bg-bb and sbg/,
  ],
  [
    'spend without values',
    ['fit', 'shop.csv', '--model', 'gamma-gamma', '--customer', 'who', '--date', 'when'],
    /--value/,
  ],
  [
    'a cohort that grows',
    ['fit', 'grows.csv', '--cells', '--model', 'sbg'],
    /grows\.csv: a cohort of 10 has 11 after renewal 1/,
  ],
  [
    'a date of two meanings',
    ['fit', 'dates.csv', '--model', 'bg-nbd', '--customer', 'who', '--date', 'when'],
    /write --date-format d\/M\/yyyy or --date-format M\/d\/yyyy/,
  ],
  [
    'a counted row that cannot be',
    ['fit', 'torn.csv', '--cells', '--model', 'bg-bb'],
    /torn\.csv: line 2 is no record of occasions/,
  ],
  [
    'a file of no row',
    ['fit', 'head.csv', '--model', 'bg-nbd', '--customer', 'who', '--date', 'when'],
    /has no purchase of a customer in 0 rows(?!;)/,
  ],
  [
    'a file of nobody',
    ['fit', 'empty.csv', '--model', 'bg-nbd', '--customer', 'who', '--date', 'when'],
    /has no purchase of a customer in 1 rows; 1 without a customer/,
  ],
])('%s is told in a sentence, and the exit code is 2', async (_name, args, sentence) => {
  write('shop.csv', SHOP);
  write('grows.csv', 'cohort,n0,year,survivors\na,10,1,11\n');
  write('dates.csv', 'who,when\nann,03/04/2011\n');
  write('torn.csv', 'frequency,recency,periods,weights\n5,2,6,1\n');
  write('head.csv', 'who,when\n');
  write('empty.csv', 'who,when\n,2026-01-01\n');
  const [command, name, ...rest] = args;
  const { code, stderr } = await kenalHere(folder, ['model', command!, join(folder, name!), ...rest]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)]);
});
