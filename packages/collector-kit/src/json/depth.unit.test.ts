import { expect, test } from 'vitest';
import { readJson } from '../webhook/payload.ts';
import { MOST_WORK } from './depth.ts';

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
  // Brackets in texts are none, and those that are closed count no more
  expect(readJson(Buffer.from(`["\\"${'['.repeat(300)}",${'[],'.repeat(300)}1]`)).ok).toBe(true);
});

// 4 MB of `{},` held up everybody for 300 ms
test('a body of too many values is refused unparsed, and one of as many as may be is read', () => {
  // The list counts 4, each comma 1
  const list = (commas: number) => Buffer.from(`[${'1,'.repeat(commas)}1]`);
  expect(readJson(list(MOST_WORK - 4)).ok).toBe(true);
  expect(readJson(list(MOST_WORK - 3))).toMatchObject({ ok: false, fault: { code: 'bad_body' } });
  for (const dear of ['{},', '{"k":1},'])
    expect(readJson(Buffer.from(`[${dear.repeat(MOST_WORK / 4)}1]`))).toMatchObject({ ok: false });
});
