import { expect, test } from 'vitest';
import { evaluate } from '../evaluate.ts';
import { linked, someFamilies, truthOf } from '../test-support.ts';
import { linkThreshold } from './threshold.ts';

/** Log2 odds of a pair that is likely one person, and yet below the automatic band. */
const DOUBTFUL = 3;
const AUTOMATIC = Math.log2(99);

const scores = (sure: number, doubtful: number) =>
  Float32Array.from({ length: sure + doubtful }, (_, i) => (i < sure ? 15 : DOUBTFUL));

test('where relatives prevail, what is doubtful is left to people as long as it is little', () => {
  expect(linkThreshold(scores(1_000, 30), true)).toBeCloseTo(AUTOMATIC, 6);
  expect(linkThreshold(scores(1_000, 100), true)).toBe(DOUBTFUL);
});

test('where they do not, a doubtful pair is one person rather than not', () => {
  expect(linkThreshold(scores(1_000, 30), false)).toBe(DOUBTFUL);
});

test('a file of families, few of whom lack a birthday, is linked from the automatic band on: no relative is joined', () => {
  const records = someFamilies(4, 450, 5).filter(({ birth_date }, i) => birth_date !== '' || i % 5 === 0);
  const { precision, recall } = evaluate(linked(records).clusters, truthOf(records));
  expect(precision).toBe(1);
  expect(recall).toBeGreaterThan(0.97);
});
