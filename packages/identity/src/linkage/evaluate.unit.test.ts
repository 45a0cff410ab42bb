import { expect, test } from 'vitest';
import { evaluate } from './evaluate.ts';

const quality = (clusters: readonly number[], truth: readonly number[]) =>
  evaluate(Int32Array.from(clusters), Int32Array.from(truth));

test('pairs and records are counted as by hand', () => {
  // People {0,1,2} {3,4} {5}; found {0,1} {2,3} {4} {5}: one of two found pairs is true, one of four true pairs is found
  const { truePairs, precision, recall, f1, b3 } = quality([0, 0, 1, 1, 2, 3], [7, 7, 7, 8, 8, 9]);
  expect({ truePairs, precision, recall }).toEqual({ truePairs: 4, precision: 0.5, recall: 0.25 });
  expect(f1).toBeCloseTo(1 / 3);
  expect(b3.precision).toBeCloseTo((1 + 1 + 0.5 + 0.5 + 1 + 1) / 6);
  expect(b3.recall).toBeCloseTo((2 / 3 + 2 / 3 + 1 / 3 + 0.5 + 0.5 + 1) / 6);
});

test('all right is 1, also where there is no pair at all', () => {
  expect(quality([4, 4, 6], [0, 0, 1])).toMatchObject({ precision: 1, recall: 1, f1: 1, b3: { f1: 1 } });
  expect(quality([0, 1], [0, 1])).toMatchObject({ truePairs: 0, precision: 1, recall: 1, f1: 1 });
  expect(quality([0, 0], [0, 1])).toMatchObject({ truePairs: 0, precision: 0, recall: 1, f1: 0 });
});
