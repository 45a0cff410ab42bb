import { cellsOf, createBuyingDays, fitRepeat, historiesOf } from '@kenal/analytics';
import { simulateBg } from '@kenal/analytics/testing';
import { expect, test } from 'vitest';
import { fitRepeatTo } from '../fit-file.ts';
import { byChance, byFrequency, cohorts, cumulative, frequencies } from './figures.ts';
import { reportPage } from './index.ts';

const UNTIL = 400;
const LAST = 500;

/** 2,000 customers as BG/NBD tells; their purchases after the window are spread over its 100 days. */
function shop() {
  const people = simulateBg('bg-nbd', { r: 0.9, alpha: 12, a: 0.8, b: 2.5 }, 2_000, 5, 200);
  const builder = createBuyingDays();
  for (const [i, age] of Array.from(people.age).entries()) {
    const first = UNTIL - age;
    const name = `c<${i}>`;
    builder.add(name, first, 1);
    const [x, recency] = [people.x[i]!, people.recency[i]!];
    for (let n = 1; n <= x; n += 1) builder.add(name, first + (n === x ? recency : n), 1);
    for (let n = 1; n <= Math.min(9, people.later[i]!); n += 1) builder.add(name, UNTIL + 10 * n, 1);
  }
  const days = builder.build();
  const histories = historiesOf(days, UNTIL, LAST - UNTIL);
  return { days, histories, model: fitRepeat('bg-nbd', cellsOf(histories)) };
}

const { days, histories, model } = shop();
const sum = (of: Iterable<number>): number => [...of].reduce((total, one) => total + one, 0);

test('every customer and every purchase is in the charts once, and the model’s customers are as many', () => {
  const bars = frequencies(model, histories);
  expect(sum(bars.map(({ actual }) => actual))).toBe(2_000);
  expect(sum(bars.map(({ predicted }) => predicted))).toBeCloseTo(2_000, 3);
  expect(Math.abs(bars[0]!.predicted / bars[0]!.actual - 1)).toBeLessThan(0.05);
  const track = cumulative(model, days, histories, UNTIL, LAST);
  expect(track.every(({ actual }, i) => actual >= (track[i - 1]?.actual ?? 0))).toBe(true);
  // The last week may be cut off, so a few of the last days may be missing
  const all = sum(histories.x) + sum(histories.later);
  expect(track.at(-1)!.actual).toBeGreaterThan(0.97 * all);
  expect(track.at(-1)!.actual).toBeLessThanOrEqual(all);
  const cut = track.find(({ label }) => Number(label) === Math.floor((UNTIL - Math.min(...histories.first) + 1) / 7))!;
  expect(Math.abs(cut.predicted / cut.actual - 1)).toBeLessThan(0.06);
});

test('means by frequency and by chance are those of the customers', () => {
  const predicted = Float64Array.from(histories.x, () => 0.5);
  const zero = byFrequency(predicted, histories)[0]!;
  const rows = [...histories.x.keys()].filter((row) => histories.x[row] === 0);
  expect(zero).toEqual({
    label: '0',
    predicted: 0.5,
    actual: sum(rows.map((row) => histories.later[row]!)) / rows.length,
  });
  const chances = Float64Array.from(histories.x, (_, row) => (histories.later[row]! > 0 ? 1 : 0));
  const tenths = byChance(chances, histories);
  for (const { actual, predicted: said } of tenths) expect(actual).toBe(said);
});

test('a cohort is counted in the month of its first purchase, and in each month in which it came back', () => {
  const builder = createBuyingDays();
  const day = (text: string): number => Date.parse(text) / 86_400_000;
  for (const [who, when] of [
    ['a', '2026-01-31'],
    ['a', '2026-02-01'],
    ['a', '2026-02-20'],
    ['b', '2026-01-01'],
    ['b', '2026-03-09'],
    ['c', '2026-03-02'],
  ])
    builder.add(who!, day(when!), 1);
  expect(cohorts(builder.build(), day('2026-03-20'))).toEqual([
    { month: '2026-01', customers: 2, retained: [1, 0.5, 0.5] },
    { month: '2026-03', customers: 1, retained: [1] },
  ]);
});

test('the page needs nothing else, and a name in it is text', () => {
  const window = { until: UNTIL, horizonDays: LAST - UNTIL };
  const { model: fitted, report } = fitRepeatTo('mbg-nbd', histories, window);
  const page = reportPage({ file: '<b>file</b>.csv', model: fitted, report, days, histories, window, last: LAST });
  expect(page).toContain('<title>mbg-nbd: &#60;b&#62;file&#60;/b&#62;.csv</title>');
  expect(page).not.toMatch(/<script|<b>|https?:|NaN|Infinity|undefined/);
  expect(page.match(/<figure/g)).toHaveLength(6);
  const alone = reportPage({
    file: 'f',
    model: fitted,
    report: { ...report, holdout: null },
    days,
    histories,
    window: { until: UNTIL, horizonDays: 0 },
    last: UNTIL,
  });
  expect(alone).toContain('name an earlier --until');
  expect(alone.match(/<figure/g)).toHaveLength(3);
});
