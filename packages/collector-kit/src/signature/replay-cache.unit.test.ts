import { MICROS_PER_SECOND } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { bodyHashOf, createReplayCache } from './replay-cache.ts';

const now = { micros: 0 };
const clock = () => now.micros;

test('a delivery counts as seen only once it is durable', () => {
  const cache = createReplayCache({ clock });
  expect(cache.claim('s', 'k', 'a')).toBe('new');
  expect(cache.claim('s', 'k', 'a')).toBe('new');
  cache.remember('s', 'k', 'a');
  expect(cache.claim('s', 'k', 'a')).toBe('repeat');
  // The second of the two fails: the first is durable all the same
  cache.release('s', 'k', 'a');
  expect(cache.claim('s', 'k', 'a')).toBe('repeat');
});

test('a key that is under way or durable is good for no other body, and for any once it was released', () => {
  const cache = createReplayCache({ clock });
  cache.claim('s', 'k', 'a');
  expect(cache.claim('s', 'k', 'b')).toBe('reused');
  cache.release('s', 'k', 'b');
  expect(cache.claim('s', 'k', 'b')).toBe('reused');
  cache.release('s', 'k', 'a');
  expect(cache.claim('s', 'k', 'b')).toBe('new');
  cache.remember('s', 'k', 'b');
  expect(cache.claim('s', 'k', 'a')).toBe('reused');
});

test('while one of two copies is under way the key stays held', () => {
  const cache = createReplayCache({ clock });
  cache.claim('s', 'k', 'a');
  cache.claim('s', 'k', 'a');
  cache.release('s', 'k', 'a');
  expect(cache.claim('s', 'k', 'b')).toBe('reused');
  cache.release('s', 'k', 'a');
  expect(cache.size).toBe(0);
});

test('sources do not share keys', () => {
  const cache = createReplayCache({ clock });
  cache.claim('w/a', 'k', 'a');
  cache.remember('w/a', 'k', 'a');
  expect(cache.claim('w/b', 'k', 'b')).toBe('new');
});

test('an entry lives for twice the tolerance after it became durable, then its memory is free', () => {
  const cache = createReplayCache({ clock });
  cache.claim('s', 'k', 'a');
  now.micros += 500 * MICROS_PER_SECOND;
  cache.remember('s', 'k', 'a');
  now.micros += 599 * MICROS_PER_SECOND;
  expect(cache.claim('s', 'k', 'a')).toBe('repeat');
  now.micros += MICROS_PER_SECOND;
  expect(cache.claim('s', 'k', 'b')).toBe('new');
  now.micros += 600 * MICROS_PER_SECOND;
  cache.claim('s', 'other', 'a');
  expect(cache.size).toBe(1);
});

test('its memory is bounded: the oldest goes first, a key of any length takes the same', () => {
  const cache = createReplayCache({ clock, most: 3 });
  for (const key of ['1', '2', '3']) cache.claim('s', key, 'a');
  cache.remember('s', '1', 'a');
  cache.claim('s', 'x'.repeat(16_000), 'a');
  expect(cache.size).toBe(3);
  expect(cache.claim('s', '1', 'b')).toBe('reused');
  expect(cache.claim('s', `${'x'.repeat(15_999)}y`, 'b')).toBe('new');
  expect(cache.claim('s', '2', 'b')).toBe('new');
  // What was forgotten while it was under way is known again when it is durable
  cache.remember('s', '3', 'a');
  expect(cache.claim('s', '3', 'a')).toBe('repeat');
});

test('bodies have one hash each', () => {
  expect(bodyHashOf(Buffer.from('a'))).not.toBe(bodyHashOf(Buffer.from('b')));
  expect(bodyHashOf(new Uint8Array([97]))).toBe(bodyHashOf(Buffer.from('a')));
});
