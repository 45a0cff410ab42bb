import { expect, test } from 'vitest';
import { isCrossing, type Value } from './crossing.ts';

const ANY = { unit: 0, margin: 0 };
const of = (value: unknown, measure: number | null = null): Value => ({ value: JSON.stringify(value), measure });

/** What is told of values that follow each other. */
function told(values: readonly Value[], tolerance = ANY): Value[] {
  const all: Value[] = [];
  for (const value of values) if (isCrossing(all.at(-1) ?? null, value, tolerance)) all.push(value);
  return all;
}

test('what comes, goes or is another category is told; what stays is not, however it is written', () => {
  expect(isCrossing(null, null, ANY)).toBe(false);
  expect(isCrossing(null, of(0), ANY)).toBe(true);
  expect(isCrossing(of(true), null, ANY)).toBe(true);
  expect(isCrossing(of('low'), of('high'), ANY)).toBe(true);
  expect(isCrossing(of('low'), of('low'), ANY)).toBe(false);
  expect(isCrossing({ value: '{"a": 1}', measure: null }, { value: '{"a":1}', measure: null }, ANY)).toBe(false);
  expect(isCrossing(of('7'), of(7), ANY)).toBe(true);
});

test('a number that sways is told once, one that creeps whenever it has come a tenth further', () => {
  const swaying = Array.from({ length: 50 }, (_, i) => of(100 + (i % 2) * 9));
  expect(told(swaying)).toEqual([of(100)]);
  const creeping = Array.from({ length: 31 }, (_, i) => of(100 + i));
  expect(told(creeping)).toEqual([of(100), of(110), of(121)]);
  expect(told([of(0), of(-0.1), of(0)])).toHaveLength(3);
});

test('a number has to move by more than its unit as well', () => {
  expect(told([of(2), of(3), of(4), of(5)], { unit: 1, margin: 0 })).toEqual([of(2), of(4)]);
});

test('a category flaps not at its edge: the number behind it has to move by the margin', () => {
  const edge = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? of('low', 0.299) : of('medium', 0.301)));
  expect(told(edge, { unit: 0, margin: 0.02 })).toEqual([edge[0]]);
  expect(told([edge[0]!, of('medium', 0.32)], { unit: 0, margin: 0.02 })).toHaveLength(2);
});
