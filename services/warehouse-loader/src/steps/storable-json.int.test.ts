import { openWarehouse, storableJson, type Warehouse } from '@kenal/warehouse';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interaction, resolved, temporaryDirectory, WORKSPACE } from '../test-support.ts';
import { interactionRows } from './interaction-row.ts';

describe('JSON parts of an event', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let warehouse: Warehouse;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    warehouse = await openWarehouse({ dataDir: directory.path });
    await warehouse.migrate();
  });
  afterAll(async () => {
    await warehouse.close();
    await directory[Symbol.asyncDispose]();
  });

  const nest = (open: string, close: string, depth: number) => `{"a":${open.repeat(depth)}1${close.repeat(depth)}}`;
  const cases: Readonly<Record<string, [given: string, stored: string]>> = {
    'whole numbers beyond 64 bits': ['{"a":18446744073709551616}', '{"a":"18446744073709551616"}'],
    'whole numbers below 64 bits': ['{"a":[-9223372036854775809]}', '{"a":["-9223372036854775809"]}'],
    'the greatest whole numbers': ['{"a":18446744073709551615}', '{"a":18446744073709551615}'],
    'numbers beyond a double': ['{"a":{"b":1e400}}', '{"a":{"b":"1e400"}}'],
    'digits inside strings': ['{"a":"18446744073709551616 \\"1e999\\""}', '{"a":"18446744073709551616 \\"1e999\\""}'],
    'lone surrogates': ['{"a":"x\\ud800y","\\udc00":1}', '{"a":"x\ufffdy","\ufffd":1}'],
    'pairs of surrogates': ['{"a":"\\ud83d\\ude00"}', '{"a":"😀"}'],
    'an escaped backslash before u': ['{"a":"\\\\ud800"}', '{"a":"\\\\ud800"}'],
    NUL: ['{"a\\u0000b":"\\u0000"}', '{"a\\u0000b":"\\u0000"}'],
    'empty keys': ['{"":1,"a":{"":{"":2}}}', '{"":1,"a":{"":{"":2}}}'],
    'dots in keys beside nesting': ['{"a":{"b":1},"a.b":2}', '{"a.b":2,"a":{"b":1}}'],
    'doubled keys': ['{"a":1,"a":2}', '{"a":1,"a":2}'],
    'arrays of mixed types': ['{"a":[1,"x",2.5,true,null,{"b":[[]]}]}', '{"a":[1,"x",2.5,true,null,{"b":[[]]}]}'],
    'what looks like a date': [
      '{"a":"2024-02-30","b":"2024-01-01 10:00:00"}',
      '{"a":"2024-02-30","b":"2024-01-01 10:00:00"}',
    ],
    'null values and empty objects': ['{"a":null,"b":{},"c":[]}', '{"a":null,"b":{},"c":[]}'],
    'deep arrays': [nest('[', ']', 60), nest('[', ']', 60)],
    'deep objects': [nest('{"b":', '}', 60), nest('{"b":', '}', 60)],
    'line breaks between the parts': ['{\n  "a": 1,\r\n  "b": [\n 2 ]}', '{"a":1,"b":[2]}'],
    'odd keys': ['{"a`b":1,"^":2,"a b":3,"SKIP":4,"😀":5}', '{"SKIP":4,"^":2,"a b":3,"a`b":1,"😀":5}'],
  };

  it.each(Object.entries(cases))('are stored: %s', async (name, [given, expected]) => {
    await store([row(name, given)]);
    for (const part of ['properties', 'context'])
      expect(JSON.parse((await read(part, name))!)).toEqual(JSON.parse(expected));
  });

  it('are stored as they are, whatever JSON can write, and however many keys of their own they have', async () => {
    const runs = Number(process.env.KENAL_PROPERTY_RUNS ?? 300);
    const values = fc.sample(fc.jsonValue({ depthSize: 'medium', stringUnit: 'binary' }), runs);
    const long = Array.from({ length: 3_000 }, (_, i) => ({ [`${'ключ'.repeat(100)}${i}`]: [{ [`k${i}`]: { i } }] }));
    const texts = [...values, ...long].map((value) => JSON.stringify({ value, plan: 'pro' }));
    await store(texts.map((text, i) => row(`any-${i}`, text)));
    const stored = await warehouse.query<{ n: number; properties: string; plan: string }>(
      `SELECT toUInt32(substring(message_id, 5)) AS n, properties, JSONExtractString(properties, 'plan') AS plan
        FROM kenal.interactions WHERE startsWith(message_id, 'any-') ORDER BY n`,
      { workspace: WORKSPACE },
    );
    expect(stored.map(({ properties }) => properties)).toEqual(texts.map(storableJson));
    expect(new Set(stored.map(({ plan }) => plan))).toEqual(new Set(['pro']));
  });

  const row = (id: string, json: string) => {
    const event = interaction(id, { properties: json, context: json });
    return interactionRows.encode({ resolved: resolved(event), interaction: event, order: null });
  };
  const store = (rows: readonly Uint8Array[]) => warehouse.insertRows('kenal.interaction_rows', interactionRows, rows);
  const read = async (part: string, id: string) =>
    (
      await warehouse.query<{ p: string }>(
        `SELECT toString(${part}) AS p FROM kenal.interactions WHERE message_id = {id:String}`,
        { workspace: WORKSPACE, params: { id } },
      )
    )[0]?.p;
});
