import type { Places } from '@kenal/identity';
import { expect, test } from 'vitest';
import { createQueue } from './queue.ts';

const REST_MS = 200;
const on = (...components: string[]): Places => ({ components: new Set(components), keys: new Set() });
const named = (...keys: string[]): Places => ({ components: new Set(), keys: new Set(keys) });

function createTimed() {
  let at = 1_000;
  const queue = createQueue<string>(REST_MS, () => at);
  const pass = (ms: number): void => {
    at += ms;
  };
  return { queue, pass };
}

test('what hangs on something that waits, is worked on or rests joins it, in order; nobody else does', () => {
  const { queue, pass } = createTimed();
  queue.add('shop', ['first'], on('a', 'b'));
  expect(queue.isAt('shop', ['b', 'c'])).toBe(true);
  expect(queue.isAt('shop', ['c'])).toBe(false);
  expect(queue.isAt('other', ['a'])).toBe(false);
  queue.add('shop', ['second'], { components: new Set(['b']), keys: new Set(['email:new']) });
  expect(queue.holds('shop', ['email:new'])).toBe(true);

  expect(queue.next()).toEqual({ workspace: 'shop', items: ['first', 'second'] });
  queue.add('shop', ['while it is worked on'], on('a'));
  queue.done();
  queue.add('shop', ['while it rests'], named('email:new'));
  expect(queue.next()).toBeNull();
  expect(queue.dueIn).toBe(REST_MS);
  pass(REST_MS);
  expect(queue.next()).toEqual({ workspace: 'shop', items: ['while it is worked on', 'while it rests'] });
  queue.done();
  pass(REST_MS);
  expect(queue.isAt('shop', ['a'])).toBe(false);
  expect(queue.dueIn).toBe(Number.POSITIVE_INFINITY);
});

test('one component after the other has its turn, however much comes for the first', () => {
  const { queue, pass } = createTimed();
  const turns: string[] = [];
  for (const name of ['a', 'b', 'c']) queue.add('shop', [name], on(name));
  for (let n = 0; n < 6; n += 1) {
    turns.push(queue.next()?.items[0] ?? '');
    queue.add('shop', ['a'], on('a'));
    pass(REST_MS);
    queue.done();
    pass(REST_MS);
  }
  expect(turns.slice(0, 3).sort()).toEqual(['a', 'b', 'c']);
});

test('what failed comes again before what came since, with the same places', () => {
  const { queue, pass } = createTimed();
  queue.add('shop', ['first'], on('a'));
  queue.next();
  queue.add('shop', ['second'], on('a', 'b'));
  queue.failed(1_000);
  expect(queue.dueIn).toBe(1_000);
  pass(1_000);
  expect(queue.isAt('shop', ['b'])).toBe(true);
  expect(queue.next()).toEqual({ workspace: 'shop', items: ['first', 'second'] });
});

test('what is wanted no more is dropped', () => {
  const { queue } = createTimed();
  queue.add('shop', ['mine', 'yours'], on('a'));
  queue.keep((item) => item === 'mine');
  expect(queue.next()?.items).toEqual(['mine']);
});

test('what turns out to be hung on while something is worked on is held from then on, and rests with it', () => {
  const { queue, pass } = createTimed();
  queue.add('shop', ['first'], on('a'));
  queue.add('shop', ['other'], on('b'));
  queue.next();
  queue.reaches('shop', on('b', 'c'));
  expect(queue.isAt('shop', ['c'])).toBe(true);
  queue.add('shop', ['of c'], on('c'));
  queue.add('shop', ['of b'], on('b'));
  queue.done();
  expect(queue.next()?.items).toEqual(['other', 'of b']); // its turn is its own, whoever reaches it
  queue.done();
  pass(REST_MS);
  expect(queue.next()?.items).toEqual(['of c']);
  queue.done();
  pass(REST_MS);
  expect(queue.isAt('shop', ['b', 'c'])).toBe(false);
});

test('who hangs on two that wait comes after both', () => {
  const { queue, pass } = createTimed();
  queue.add('shop', ['one'], on('a'));
  queue.add('shop', ['other'], on('b'));
  queue.add('shop', ['both'], on('a', 'b'));
  expect(queue.next()?.items.toSorted()).toEqual(['both', 'one', 'other']);
  queue.add('shop', ['third'], on('c'));
  queue.add('shop', ['of it and what is worked on'], on('b', 'c'));
  queue.done();
  pass(REST_MS);
  expect(queue.next()?.items).toEqual(['third', 'of it and what is worked on']);
  expect(queue.next()).toBeNull();
});
