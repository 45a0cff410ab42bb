import { expect, test } from 'vitest';
import { linkThreshold } from './threshold.ts';

const scores = (sure: number, doubtful: number) =>
  Float32Array.from({ length: sure + doubtful }, (_, i) => (i < sure ? 15 : 3));
const AUTOMATIC = Math.log2(99);

test('where relatives prevail, what is doubtful is left to people as long as it is little', () => {
  expect(linkThreshold(scores(1_000, 30), true)).toBeCloseTo(AUTOMATIC, 6);
  expect(linkThreshold(scores(1_000, 100), true)).toBeLessThan(AUTOMATIC);
});

test('where they do not, a doubtful pair is one person rather than not', () => {
  expect(linkThreshold(scores(1_000, 30), false)).toBeLessThan(AUTOMATIC);
});
