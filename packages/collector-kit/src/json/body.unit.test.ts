import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { parseBody, writeKeyOf } from './body.ts';

fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });

const PADDING = ' '.repeat(300_000); // makes any body a large one

test('large bodies are read as small ones are, events, envelope and bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), fc.jsonValue(), async (batch, rest) => {
      const list = JSON.stringify(batch);
      for (const [before, after] of [
        [`{"context":${JSON.stringify(rest)},"batch":[`, `${list.slice(1)},"sentAt":1}`],
        ['[', list.slice(1)],
      ] as const) {
        const [small, large] = await Promise.all([
          parseBody(Buffer.from(before + after), true, DEFAULT_LIMITS),
          parseBody(Buffer.from(before + PADDING + after), true, DEFAULT_LIMITS),
        ]);
        if (!small.ok || !large.ok) throw new Error('not parsed');
        expect(large.value.events).toEqual(small.value.events);
        expect({ ...large.value.envelope, batch }).toEqual({ ...small.value.envelope, batch });
        expect(large.value.hasList).toBe(small.value.hasList);
        small.value.events.forEach((_event, index) => {
          const { start, end } = small.value.sliceOf(index);
          const other = large.value.sliceOf(index);
          expect([other.start, other.end]).toEqual([start + PADDING.length, end + PADDING.length]);
        });
      }
    }),
  );
});

test('in a large body an event over the limit is not parsed, its neighbours are', async () => {
  const text = `{"batch":[{"a":1},{"b":"${'x'.repeat(300_000)}"},{"c":1}],"sentAt":"now"}`;
  const parsed = await parseBody(Buffer.from(text), true, DEFAULT_LIMITS);
  expect(parsed).toMatchObject({
    ok: true,
    value: { events: [{ a: 1 }, undefined, { c: 1 }], envelope: { sentAt: 'now' } },
  });
});

test('in a large body a broken event is bad_json, and says which', async () => {
  const text = `{"batch":[${PADDING}{"a":1},{"a":tru}]}`;
  expect(await parseBody(Buffer.from(text), true, DEFAULT_LIMITS)).toMatchObject({
    ok: false,
    fault: { code: 'bad_json', path: '$.batch[1]' },
  });
});

test.each([
  ['of a large body', `{"writeKey":"k","text":"${'x'.repeat(300_000)}"}`, 'k'],
  ['the last of doubled ones, written with an escape', '{"writeKey":"a","write\\u004bey":"\\u006b"}', 'k'],
  ['of a body that is broken deeper down', '{"batch":[tru],"writeKey":"k"}', 'k'],
  ['none deeper down', '{"batch":[{"writeKey":"k"}]}', null],
  ['none of a list', '[{"writeKey":"k"}]', null],
  ['none that is no text', '{"writeKey":7}', null],
])('the write key is found without parsing the body: %s', (_name, text, key) => {
  expect(writeKeyOf(Buffer.from(text))).toBe(key);
});

test('the search for events ends at their limit, in a small body and in a large one', async () => {
  const limits = { ...DEFAULT_LIMITS, batchEvents: 3 };
  const count = async (text: string): Promise<number> => {
    const parsed = await parseBody(Buffer.from(text), true, limits);
    return parsed.ok ? parsed.value.events.length : -1;
  };
  for (const padding of ['', PADDING]) {
    expect(await count(`[0,0,0${padding}]`)).toBe(3);
    await expect(count(`{"batch":[0,0,0,0,0${padding}]}`)).rejects.toMatchObject({ code: 'body_too_large' });
  }
});

const many = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join(',');
const HOSTILE: readonly [string, string][] = [
  ['4 million open brackets', '['.repeat(4_000_000)],
  ['2 million brackets, closed', `${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}`],
  ['100 events of 20,000 levels', `[${many(100, () => '['.repeat(20_000) + ']'.repeat(20_000))}]`],
  ['600,000 nested objects', `${'{"a":'.repeat(600_000)}1${'}'.repeat(600_000)}`],
  ['400,000 different keys', `{${many(400_000, (i) => `"k${i}":1`)}}`],
  ['300,000 objects of different shapes in one event', `[[${many(250_000, (i) => `{"k${i}":1}`)}]]`],
  ['300,000 objects of different shapes, each an event', `[${many(250_000, (i) => `{"k${i}":1}`)}]`],
  ['1.3 million empty objects, each an event', `[${many(1_300_000, () => '{}')}]`],
  ['a text of 2 million escaped quotes', `"${'\\"'.repeat(2_000_000)}"`],
  ['a number of 4 million digits', `[${'9'.repeat(4_000_000)}]`],
  ['200,000 unsafe numbers', `[${many(200_000, () => '9007199254740993')}]`],
  ['4 MB that look like numbers', `"${':1e'.repeat(1_300_000)}"`],
  ['a text without an end', `{"a":"${'x'.repeat(4_000_000)}`],
];

/** The longest time, ms, that the loop stands still while something runs. */
async function longestHalt(work: () => Promise<void>): Promise<number> {
  await setTimeout(5);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  await setTimeout(5);
  delay.disable();
  return delay.max / 1e6;
}

describe('4 MB of hostile text never hold up the loop', () => {
  test.each(HOSTILE)('%s', async (_name, text) => {
    const bytes = Buffer.from(text);
    for (const listed of [true, false]) {
      const parse = (): Promise<number> =>
        longestHalt(async () => {
          writeKeyOf(bytes);
          try {
            await parseBody(bytes, listed, DEFAULT_LIMITS);
          } catch (error) {
            expect(error).toMatchObject({ code: 'body_too_large' });
          }
        });
      // 100 ms is the promise; the rest, and another try, are for other work on the machine that runs the test
      let halt = await parse();
      for (let tries = 1; tries < 5 && halt >= 200; tries += 1) halt = await parse();
      expect(halt).toBeLessThan(200);
    }
  });
});
