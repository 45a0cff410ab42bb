import { expect, test } from 'vitest';
import type { BuyingDays } from '../purchases/buying-days.ts';
import { shop } from '../testing/shop.ts';
import { createChurn } from './churn.ts';
import { type ChurnFit, churnFitOf, createChurnScores } from './score.ts';

const DAY = 300;
const days = shop(400, 7);
const model = createChurn(days)({ day: DAY, horizonDays: 60 });
/** As it comes back from where it was kept. */
const kept = JSON.parse(JSON.stringify(churnFitOf(model))) as ChurnFit;

/** The customers from one to another, alone. */
function part({ customers, starts, ...rows }: BuyingDays, from: number, to: number): BuyingDays {
  const [begin, end] = [starts[from]!, starts[to]!];
  const cut = <C extends Int32Array | Float64Array>(column: C): C => column.slice(begin, end) as C;
  return {
    customers: customers.slice(from, to),
    starts: starts.slice(from, to + 1).map((at) => at - begin),
    ...{ day: cut(rows.day), value: cut(rows.value), lines: cut(rows.lines), logUnits: cut(rows.logUnits) },
  };
}

test('a kept fit says of each customer what it said when it was learned, in whatever parts they come', () => {
  const score = createChurnScores(kept);
  const told: number[] = [];
  for (let from = 0; from < 400; from += 37)
    told.push(...score(part(days, from, Math.min(400, from + 37)), DAY).chances);
  expect(told).toEqual([...model.chances]);
});

test('who has often bought and stays away is told to be overdue, who bought once that it was once', () => {
  const now = createChurnScores(kept)(days, DAY);
  const lastOf = (c: number): number => days.day[days.starts[c + 1]! - 1]!;
  const gone = now.customer.findIndex((c, row) => now.x[row]! > 5 && lastOf(c) < 150);
  expect(now.overdue[gone]!).toBeGreaterThan(2);
  expect(now.reason(gone).side).toBe('recency');
  expect(now.reason(gone).effect).toBeLessThan(0);
  const once = now.x.findIndex((x, row) => x === 0 && now.since[row]! > 100);
  expect(now.reason(once)).toMatchObject({ side: 'frequency' });
});

test('nothing is kept where nothing was learned', () => {
  expect(churnFitOf(createChurn(shop(200, 5))({ day: 40, horizonDays: 30 }))).toBeNull();
});
