import { expect, test } from 'vitest';
import { createBoundedCache } from './bounded-cache.ts';

test('a value is made once while it is kept, and the oldest makes room', () => {
  const made: string[] = [];
  const cache = createBoundedCache(2, (key) => {
    made.push(key);
    return { key };
  });
  for (const key of ['a', 'b', 'a', 'c', 'b', 'a']) expect(cache.get(key).key).toBe(key);
  expect(made).toEqual(['a', 'b', 'c', 'a']);
});
