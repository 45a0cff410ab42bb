import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnsOf, createRowEncoder, openWarehouse, type Warehouse, writeList, writeNullable } from '../index.ts';
import { temporaryDirectory } from '../test-support.ts';

interface Sample {
  readonly id: number;
  readonly words: string;
  readonly micros: number;
  readonly maybe: number | null;
  readonly millionths: bigint | null;
  readonly wide: bigint;
  readonly list: readonly (readonly [string, string])[];
  readonly flags: Readonly<Record<string, boolean>>;
}

const { text, word, moment, optionalMoment, minute, money, uint32, uint64, column } = columnsOf<Sample>();
const encoder = createRowEncoder<Sample>([
  uint64('id', ({ id }) => id),
  text('t', ({ words }) => words),
  word('w', ({ words }) => words),
  column('b', 'String', (writer, { words }) => writer.bytes(Buffer.from(words))),
  moment('at', ({ micros }) => micros),
  optionalMoment('maybe', ({ maybe }) => maybe),
  minute('minute', ({ id }) => id),
  uint32('u', ({ id }) => id),
  money('money', ({ millionths }) => millionths),
  column('wide', 'UInt128', (writer, { wide }) => writer.int128(wide)),
  column('half', 'UInt64', (writer, { wide }) => writer.uint64(BigInt.asUintN(64, wide))),
  column('list', 'Array(Tuple(a String, b Nullable(String)))', (writer, { list }) =>
    writeList(writer, list, (_, [a, b]) => {
      writer.text(a);
      writeNullable(writer, b === '' ? null : b, () => writer.text(b));
    }),
  ),
  column('flags', 'Map(String, Bool)', (writer, { flags }) =>
    writeList(writer, Object.entries(flags), (_, [name, flag]) => {
      writer.text(name);
      writer.byte(Number(flag));
    }),
  ),
]);

const TABLE = `CREATE TABLE kenal.samples (id UInt64, t String, w LowCardinality(String), b String,
  at DateTime64(6, 'UTC'), maybe Nullable(DateTime64(6, 'UTC')), minute DateTime('UTC'), u UInt32, money Nullable(Decimal(38, 6)),
  wide UInt128, half UInt64, list Array(Tuple(a String, b Nullable(String))), flags Map(String, Bool)) ENGINE = MergeTree ORDER BY id`;
const SHOWN = `SELECT id, t = w AND t = b AS same, t, toUnixTimestamp64Micro(at) AS micros,
  toUnixTimestamp64Micro(maybe) AS maybe, toUnixTimestamp(minute) = id AND u = id AS counted, toString(money) AS money,
  toString(wide) AS wide, toString(half) AS half, list, flags FROM kenal.samples ORDER BY id`;

describe('rows as bytes', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let warehouse: Warehouse;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    // In the path of a file the engine takes some of these for a pattern
    const dataDir = join(directory.path, "a{1,2}*q? [x] it's \\b é");
    await mkdir(dataDir);
    warehouse = await openWarehouse({ dataDir });
    await warehouse.query(TABLE, { role: 'writer' });
  });
  afterAll(async () => {
    await warehouse.close();
    await directory[Symbol.asyncDispose]();
  });

  it('are read by the engine as what was written, whatever the values', async () => {
    // Lengths around those at which the length itself takes another byte, and more than a chunk
    const long = fc.constantFrom(0, 39, 40, 41, 43, 127, 128, 16_383, 16_384, 300_000).chain((length) => {
      return fc.constantFrom('a', 'é', '€', '😀').map((unit) => unit.repeat(Math.ceil(length / unit.length)));
    });
    const words = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), long);
    const sample = fc.record({
      words,
      micros: fc.integer({ min: -2_208_988_800_000_000, max: 4_102_444_799_999_999 }),
      maybe: fc.option(fc.integer({ min: 0, max: 2 ** 52 })),
      millionths: fc.option(fc.bigInt({ min: 1n - 10n ** 38n, max: 10n ** 38n - 1n })),
      wide: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
      list: fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 }),
      flags: fc.dictionary(fc.string(), fc.boolean(), { maxKeys: 3, noNullPrototype: true }),
    });
    const rows: Sample[] = fc
      .sample(sample, Number(process.env.KENAL_PROPERTY_RUNS ?? 300))
      .map((row, id) => ({ ...row, id }));
    await warehouse.insertRows('kenal.samples', encoder, rows.map(encoder.encode));
    const shown = await warehouse.query<Record<string, unknown>>(SHOWN);
    expect(shown).toEqual(rows.map(expected));
  });

  it('are counted: where others are stored than were given, nobody may go on', async () => {
    await warehouse.query('CREATE TABLE kenal.t (a UInt32) ENGINE = MergeTree ORDER BY a', { role: 'writer' });
    const one = createRowEncoder([columnsOf<number>().uint32('a', (value) => value)]);
    const rows = [1, 2, 3].map(one.encode);
    await warehouse.insertRows('kenal.t', one, rows);
    await expect(warehouse.insertRows('kenal.t', one, [Buffer.concat(rows)])).rejects.toMatchObject({
      ...{ code: 'unavailable', message: expect.stringContaining('of 1 rows it took 3') },
    });
    expect(await warehouse.query('SELECT count() AS n FROM kenal.t')).toEqual([{ n: 6 }]);
  });

  it('leave nothing of a row behind that could not be written', async () => {
    const odd = createRowEncoder<number>([
      columnsOf<number>().uint32('a', (value) => value),
      columnsOf<number>().text('b', (value) => {
        if (value === 2) throw new Error('no');
        return String(value);
      }),
    ]);
    const first = odd.encode(1);
    expect(() => odd.encode(2)).toThrow('no');
    expect([first, odd.encode(3)].map((row) => Buffer.from(row).toString('hex'))).toEqual([
      '010000000131',
      '030000000133',
    ]);
  });
});

function expected({ id, words, micros, maybe, millionths, wide, list, flags }: Sample): Record<string, unknown> {
  return {
    ...{ id, same: 1, t: words, micros, maybe, counted: 1, money: millionths === null ? null : decimal(millionths) },
    ...{ wide: String(wide), half: String(BigInt.asUintN(64, wide)), flags },
    list: list.map(([a, b]) => ({ a, b: b === '' ? null : b })),
  };
}

/** `-1500000n` → `-1.5`, as ClickHouse writes a decimal. */
function decimal(millionths: bigint): string {
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return `${millionths < 0n ? '-' : ''}${digits.slice(0, -6)}${fraction === '' ? '' : `.${fraction}`}`;
}
