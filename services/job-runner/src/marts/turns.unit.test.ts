import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

it('gives the place to whoever waits longest, after a failure too, and lets go of all who wait at the end', async () => {
  const stopping = new AbortController();
  const turn = createTurns(1, stopping.signal);
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const last = Promise.withResolvers<void>();
  const one = turn(() => first.promise);
  const two = turn(async () => void order.push('two'));
  const three = turn(() => {
    order.push('three');
    return last.promise;
  });
  const four = turn(async () => void order.push('four'));
  first.reject(new Error('failed'));
  await expect(one).rejects.toThrow('failed');
  await two;
  stopping.abort(new Error('stopping'));
  await expect(four).rejects.toThrow('stopping');
  await expect(turn(async () => undefined)).rejects.toThrow('stopping');
  last.resolve();
  await three;
  expect(order).toEqual(['two', 'three']);
});
