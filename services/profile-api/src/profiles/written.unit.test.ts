import { expect, test } from 'vitest';
import { preferredSeconds } from './written.ts';

test.each([
  [undefined, 5],
  ['respond-async', 5],
  ['wait=0', 0],
  ['respond-async, wait = 29', 29],
  ['wait=30', 30],
  ['wait=31', 30],
  ['wait=9999', 30],
  ['wait=soon', 5],
  ['await=1', 5],
])('Prefer: %s waits %i seconds, thirty at most', (prefer, seconds) => {
  expect(preferredSeconds(prefer)).toBe(seconds);
});
