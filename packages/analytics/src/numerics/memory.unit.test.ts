import { expect, test } from 'vitest';
import { Memory } from './memory.ts';

const MOST = 20_000;
const keys = Array.from({ length: MOST }, (_, i) => (i * 2_654_435_761) % Number.MAX_SAFE_INTEGER);

test('knows what it was told of each key, however many there are, until it is full', () => {
  const memory = new Memory(2, MOST);
  const early = keys.filter((key, i) => {
    const known = memory.find(key);
    memory.add(key, [i, -i]);
    return known >= 0;
  });
  expect(early).toEqual([]);
  const told = keys.map((key) => Array.from(memory.values.subarray(memory.find(key), memory.find(key) + 2)));
  expect(told).toEqual(keys.map((_, i) => [i, -i]));
  memory.add(1, [1, 2]);
  expect([memory.find(keys[7]!), memory.find(1) >= 0]).toEqual([-1, true]);
});
