import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBuyingDays } from './buying-days.ts';
import { cellsFrom, cellsOf, sumsOf } from './cells.ts';
import { historiesOf } from './history.ts';

type Bought = readonly [customer: string, day: number, value: number];

function daysOf(purchases: readonly Bought[]) {
  const builder = createBuyingDays();
  for (const [customer, day, value] of purchases) builder.add(customer, day, value);
  return builder.build();
}

test('purchases of a day are one, in any order, and the window ends with its last day', () => {
  const days = daysOf([
    ['b', 12, 5],
    ['a', 10, 1],
    ['a', 17, 2],
    ['a', 10, 1],
    ['a', 24, 8],
    ['a', 25, 4],
    ['a', 40, 4],
    ['c', 26, 9],
  ]);
  expect([...days.starts]).toEqual([0, 5, 6, 7]);
  expect([...days.value]).toEqual([2, 2, 8, 4, 4, 5, 9]);
  const found = historiesOf(days, 24, 10);
  const row = (i: number) => [
    found.customer[i],
    found.first[i],
    found.x[i],
    found.recency[i],
    found.age[i],
    found.spend[i],
  ];
  expect([row(0), row(1)]).toEqual([
    [0, 10, 2, 14, 14, 5],
    [1, 12, 0, 0, 12, 0],
  ]);
  expect([[...found.later], [...found.laterSpend]]).toEqual([
    [1, 0],
    [4, 0],
  ]);
  expect(historiesOf(days, 9).x.length).toBe(0);
});

test('histories hang on who bought when, and not on the order of the file', () => {
  const bought = fc.tuple(
    fc.constantFrom('a', 'b', 'ä', 'Z'),
    fc.integer({ min: -9, max: 30 }),
    fc.integer({ min: 1, max: 9 }),
  );
  fc.assert(
    fc.property(
      fc.array(bought, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: -9, max: 30 }),
      (purchases, until) => {
        const shuffled = [...purchases].sort(([, , one], [, , other]) => one - other);
        expect(historiesOf(daysOf(purchases), until, 7)).toEqual(historiesOf(daysOf(shuffled), until, 7));
      },
    ),
  );
});

test('cells count equal histories, and say which row is none', () => {
  const cells = cellsOf({ x: [2, 0, 2, 0], recency: [9, 0, 9, 0], age: [20, 5, 20, 20] });
  const same = cellsFrom([
    { x: 2, recency: 9, age: 20, weight: 2 },
    { x: 0, recency: 0, age: 20, weight: 1 },
    { x: 0, recency: 0, age: 5, weight: 1 },
  ]);
  expect(cells).toEqual(same);
  expect(sumsOf(cells)).toEqual({ customers: 4, sumX: 4, sumTx: 18 / 7, sumT: 65 / 7 });
  for (const [x, recency, age] of [
    [1, 0, 9],
    [0, 3, 9],
    [1, 10, 9],
    [-1, 0, 9],
    [1.5, 3, 9],
    [1, 3, Number.NaN],
  ] as const)
    expect(() => cellsOf({ x: [0, x], recency: [0, recency], age: [1, age] })).toThrow('row 1 is no history');
  expect(() => cellsFrom([{ x: 0, recency: 0, age: 1, weight: 0 }])).toThrow('weight 0');
});
