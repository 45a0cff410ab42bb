import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mapBody } from './slices.ts';

fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });

const texts = (json: string): string[] => {
  const bytes = Buffer.from(json);
  return (mapBody(bytes)?.events ?? []).map(({ start, end }) => bytes.toString('utf8', start, end));
};

test.each([
  [
    'spaces, text with brackets, numbers',
    ' { "sentAt" : "]}" , "batch" : [ {"a":"}\\""} , 12.5 , null,"]" ] , "x":[[1]]} ',
    ['{"a":"}\\""}', '12.5', 'null', '"]"'],
  ],
  ['an empty list', '{"batch":[]}', []],
  ['the last of doubled keys, one written with an escape', '{"batch":[1],"b\\u0061tch":[2,3]}', ['2', '3']],
  ['a bare list', '[{"a":[1,2]},3]', ['{"a":[1,2]}', '3']],
  ['a batch deeper down is another one', '{"context":{"batch":[1]},"batch":[2]}', ['2']],
  ['no list', '{"batch":{"a":1}}', []],
  ['after a byte order mark', '\ufeff{"batch":[1]}', ['1']],
])('events are found in %s', (_name, json, expected) => {
  expect(texts(json)).toEqual(expected);
});

test('each slice parses to its event, whatever the events and the space between them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue()),
      fc.jsonValue(),
      fc.constantFrom(undefined, 1, '\t'),
      (batch, other, space) => {
        const json = JSON.stringify({ context: other, batch, sentAt: other }, null, space);
        expect(texts(json).map((text) => JSON.stringify(JSON.parse(text)))).toEqual(
          batch.map((event) => JSON.stringify(JSON.parse(JSON.stringify(event)))),
        );
      },
    ),
  );
});

test('whatever JSON has at its root, it is mapped; a list or an object that is cut short is not', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), (value, cut) => {
      const bytes = Buffer.from(JSON.stringify(value));
      expect(mapBody(bytes)).not.toBeNull();
      const part = bytes.subarray(0, cut % bytes.length);
      if (bytes[0] === 0x7b || bytes[0] === 0x5b) expect(mapBody(part)).toBeNull();
    }),
  );
});

test.each([
  '{"batch":[1 2]}',
  '{"batch":[1,]}',
  '{"batch":[,1]}',
  '{"batch" [1]}',
  '{"batch":[1]]}',
  '{"batch":[1]',
  '{batch:[1]}',
  '[1]x',
  '{"a":}',
])('no JSON for sure: %s', (json) => {
  expect(mapBody(Buffer.from(json))).toBeNull();
});

test('the search ends one element over the most that are wanted', () => {
  for (const json of ['[0,1,2,3,4,5]', '{"batch":[0,1,2,3,4,5],"sentAt":1}']) {
    expect(mapBody(Buffer.from(json), 3)?.events).toHaveLength(4);
    expect(mapBody(Buffer.from(json), 6)?.events).toHaveLength(6);
  }
});
