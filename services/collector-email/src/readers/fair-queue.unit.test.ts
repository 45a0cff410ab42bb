import { expect, test } from 'vitest';
import { createFairQueue } from './fair-queue.ts';

const any = () => true;

test('lanes take turns, each in its own order', () => {
  const queue = createFairQueue<string>(10);
  for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) queue.add(item[0]!, item);
  const order = Array.from({ length: 7 }, () => queue.take(any));
  expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3', null]);
});

test('a lane that may not is passed over and keeps its turn', () => {
  const queue = createFairQueue<string>(10);
  for (const item of ['a1', 'b1', 'b2']) queue.add(item[0]!, item);
  expect(queue.take((lane) => lane !== 'a')).toBe('b1');
  expect(queue.take(any)).toBe('a1');
  expect(queue.take((lane) => lane !== 'b')).toBeNull();
});

test('a lane that is full is full for itself alone', () => {
  const queue = createFairQueue<number>(2);
  expect([queue.add('a', 1), queue.add('a', 2), queue.add('a', 3), queue.add('b', 4)]).toEqual([
    true,
    true,
    false,
    true,
  ]);
  expect(queue.clear()).toEqual([1, 2, 4]);
  expect(queue.take(any)).toBeNull();
});
