import { createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChdbServer, createChdbServer } from './chdb-server/index.ts';
import { openWarehouse, type Warehouse } from './index.ts';
import { temporaryMigrated } from './test-support.ts';
import { warehouseContract } from './warehouse.contract.ts';

const password = 'correct horse';

describe('a server, through kenal chdb-server', () => {
  let directory: Awaited<ReturnType<typeof temporaryMigrated>>;
  let server: ChdbServer;
  let warehouse: Warehouse;
  beforeAll(async () => {
    directory = await temporaryMigrated();
    server = await createChdbServer({ dataDir: directory.path, password, port: 0 });
    warehouse = await openWarehouse({ clickhouseUrl: server.url, clickhousePassword: password });
    await warehouse.migrate();
  });
  afterAll(async () => {
    await warehouse.close();
    await server.close();
    await directory[Symbol.asyncDispose]();
  });

  warehouseContract(() => warehouse);

  describe('the unmodified @clickhouse/client', () => {
    const connect = (config = {}) => createClient({ url: server.url, username: 'anybody', password, ...config });

    it('pings, with and without a query', async () => {
      await using client = connect();
      expect(await client.ping()).toMatchObject({ success: true });
      expect(await client.ping({ select: true })).toMatchObject({ success: true });
    });

    it('inserts streams and arrays in several formats, compressed or not, and reads them back', async () => {
      for (const compression of [
        { request: false, response: false },
        { request: true, response: true },
      ]) {
        await using client = connect({ compression, database: 'kenal' });
        await client.command({ query: 'CREATE OR REPLACE TABLE words (n UInt32, word String) ENGINE = Memory' });
        const rows = Array.from({ length: 5_000 }, (_, n) => ({ n, word: `wörd '${n}'\t\\` }));
        await client.insert({ table: 'words', values: rows, format: 'JSONEachRow' });
        await client.insert({ table: 'words', values: [[5_000, 'x']], format: 'JSONCompactEachRow' });
        await client.insert({ table: 'words', values: [{ word: 'y' }], columns: ['word'], format: 'JSONEachRow' });
        const values = (async function* () {
          yield '5001,"a,b"\n';
          yield '5002,c\n';
        })();
        const { Readable } = await import('node:stream');
        await client.insert({ table: 'words', values: Readable.from(values, { objectMode: false }), format: 'CSV' });
        const result = await client.query({
          query: 'SELECT count() AS c, max(n) AS m, anyIf(word, n = 2) AS w FROM words WHERE n != {n:UInt32}',
          query_params: { n: 1 },
          format: 'JSONEachRow',
        });
        expect(await result.json()).toEqual([{ c: 5_003, m: 5_002, w: rows[2]?.word }]);
        const csv = await client.query({ query: 'SELECT word FROM words WHERE n = 5001', format: 'CSV' });
        expect(await csv.text()).toBe('"a,b"\n');
      }
    });

    it('gets ClickHouse errors with code and type', async () => {
      await using client = connect();
      const fault = client.query({ query: 'SELECT * FROM nowhere', format: 'JSON' });
      await expect(fault).rejects.toMatchObject({ code: '60', type: 'UNKNOWN_TABLE' });
    });

    it('is refused with a wrong password', async () => {
      await using client = connect({ password: 'wrong' });
      await expect(client.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' });
    });

    it('settings of a request end with it', async () => {
      await using client = connect();
      await client.command({ query: 'SET max_block_size = 99' });
      await client.query({ query: 'SELECT 1', clickhouse_settings: { max_block_size: '98' } });
      const result = await client.query({ query: "SELECT getSetting('max_block_size') AS b", format: 'JSONEachRow' });
      const [row] = await result.json<{ b: number }>();
      expect([98, 99]).not.toContain(Number(row?.b));
    });
  });

  it('says who has the data where a second owner comes', async () => {
    const { spawnSync } = await import('node:child_process');
    const url = new URL('./index.ts', import.meta.url).href;
    const script = `const { openWarehouse } = await import(${JSON.stringify(url)});
      await openWarehouse({ dataDir: ${JSON.stringify(directory.path)} }).catch((e) => console.log(e.code, e.message));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(stdout).toContain('data_in_use');
    expect(stdout).toContain(`process ${process.pid}`);
  });

  it('answers ping to anybody', async () => {
    const answer = await fetch(`${server.url}/ping`);
    expect(await answer.text()).toBe('Ok.\n');
  });
});
