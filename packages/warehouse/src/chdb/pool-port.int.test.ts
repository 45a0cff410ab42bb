import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  columnsOf,
  connectWarehouse,
  createRowEncoder,
  type EmbeddedWarehouse,
  openEmbeddedWarehouse,
  type Warehouse,
} from '../index.ts';
import { temporaryDirectory } from '../test-support.ts';

describe('chDB of another thread', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let owner: EmbeddedWarehouse;
  let warehouse: Warehouse;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    owner = await openEmbeddedWarehouse(directory.path);
    warehouse = connectWarehouse(owner.share(), directory.path);
    await warehouse.query('CREATE TABLE kenal.t (a UInt8, b String) ENGINE = MergeTree ORDER BY a', { role: 'writer' });
  });
  afterAll(async () => {
    await owner.close();
    await directory[Symbol.asyncDispose]();
  });

  it('asks with parameters and settings, and gives bytes, as its owner does', async () => {
    const params = { a: "it's\t\\", b: ['x', "'"], c: null };
    const sql =
      "SELECT {a:String} AS a, {b:Array(String)} AS b, {c:Nullable(String)} AS c, getSetting('log_comment') AS w";
    expect(await warehouse.query(sql, { params, workspace: 'shop' })).toEqual([{ ...params, w: 'shop' }]);
    const answer = await warehouse.raw('SELECT number FROM numbers(3)', { format: 'RowBinary' });
    expect(Buffer.concat(await answer.stream.toArray())).toHaveLength(24);
    expect(answer.summary.read_rows).toBe('3');
  });

  it('inserts rows that may be sent again, says why the engine refuses others, and leaves no copy of either', async () => {
    const { column, text } = columnsOf<[number, string]>();
    const encoder = createRowEncoder([column('a', 'UInt8', (writer, [a]) => writer.byte(a)), text('b', ([, b]) => b)]);
    const rows = [encoder.encode([1, 'é']), encoder.encode([2, '\u0000'])];
    for (const _again of [1, 2]) await warehouse.insertRows('kenal.t', encoder, rows);
    expect(await owner.query('SELECT count() AS n, max(length(b)) AS most FROM kenal.t')).toEqual([{ n: 4, most: 2 }]);
    const cut = warehouse.insertRows('kenal.t', encoder, [rows[0]!.subarray(1)]);
    await expect(cut).rejects.toMatchObject({ code: 'sql_failed' });
    const refused = { code: 'sql_failed', kind: 'content' };
    await expect(warehouse.insert('kenal.t', [{ a: 'x' }])).rejects.toMatchObject(refused);
    expect(await readdir(join(directory.path, 'inserts'))).toEqual([]);
    await expect(warehouse.query('SELECT nothing')).rejects.toMatchObject({ clickhouseCode: 47 });
    expect(await warehouse.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('waits at its close for what runs, and leaves the owner and others open', async () => {
    const other = connectWarehouse(owner.share(), directory.path);
    const late = other.query('SELECT 1 AS one');
    await other.close();
    expect(await late).toEqual([{ one: 1 }]);
    await expect(other.query('SELECT 1')).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect(await warehouse.query('SELECT 2 AS two')).toEqual([{ two: 2 }]);
    expect(await owner.query('SELECT 3 AS three')).toEqual([{ three: 3 }]);
  });

  it('lets a caller go at once that gives up, and the engine ends what it asked', async () => {
    const signal = AbortSignal.timeout(50);
    const began = performance.now();
    const heavy = 'SELECT sum(cityHash64(number, toString(number))) FROM numbers(900000000)';
    await expect(warehouse.query(heavy, { signal })).rejects.toThrow(/abort|timeout/i);
    const running =
      "SELECT count() AS n FROM system.processes WHERE query LIKE '%sum(city%' AND query NOT LIKE '%processes%'";
    await vi.waitFor(async () => expect(await warehouse.query(running)).toEqual([{ n: 0 }]), 20_000);
    expect(performance.now() - began, 'it takes ten seconds').toBeLessThan(5_000);
  });

  it('gives an answer in pieces, and tells where it fails after the first of them', async () => {
    const asked = { inPieces: true, format: 'RowBinaryWithNames' };
    const whole = await warehouse.raw('SELECT number FROM numbers(500000)', asked);
    expect(Buffer.concat(await whole.stream.toArray())).toHaveLength(8 + 4_000_000);
    const { summary } = await warehouse.raw('SELECT number FROM numbers(7)', asked);
    expect(summary).toMatchObject({ result_rows: '7', result_bytes: expect.stringMatching(/^[1-9]/) });
    const late = await warehouse.raw(
      'SELECT number, intDiv(1, 900000 - number) FROM numbers(2000000) SETTINGS max_threads = 1',
      asked,
    );
    await expect(late.stream.toArray()).rejects.toMatchObject({ code: 'sql_failed', clickhouseCode: 153 });
    const early = warehouse.raw('SELECT intDiv(1, 9 - number) FROM numbers(2000000)', asked);
    await expect(early).rejects.toMatchObject({ clickhouseCode: 153 });
  });

  it('says that the warehouse is closed once its owner has closed it', async () => {
    await owner.close();
    await expect(warehouse.query('SELECT 1')).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });
});
