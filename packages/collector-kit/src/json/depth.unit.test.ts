import { expect, test } from 'vitest';
import { readJson } from '../webhook/payload.ts';
import { isDeeper } from './depth.ts';

const nested = (levels: number, [open, close]: readonly [string, string]) => open.repeat(levels) + close.repeat(levels);

test('what is nested too deeply is refused by name, however deep, and what is not is read', () => {
  for (const pair of [
    ['[', ']'],
    ['{"a":', '1}'],
  ] as const) {
    const text = (levels: number) =>
      Buffer.from(pair[0] === '[' ? nested(levels, pair) : `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
    expect(readJson(text(100)).ok).toBe(true);
    for (const levels of [250, 5_000, 100_000])
      expect(readJson(text(levels))).toMatchObject({ ok: false, fault: { code: 'event_too_deep' } });
  }
  expect([isDeeper([[1]], 2), isDeeper([[[1]]], 2), isDeeper([[[[]]]], 2)]).toEqual([false, false, true]);
});
