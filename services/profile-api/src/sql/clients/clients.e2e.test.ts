import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Jars, provideJars } from '../../../../../test/support/maven-jars.ts';
import { KEYS, startWorld, type World } from '../../testing/world.ts';
import { plainBlock, readBlocks } from '../blocks/compressed-blocks.ts';
import { withoutValues } from '../without-values.ts';
import { openApla } from './testing/apla.ts';
import { run } from './testing/run.ts';

// 1.8 MB of answer at once, and the fault after more work: the engine throws away what nobody has fetched when it fails
const LATE =
  'SELECT number, 1 AS t FROM numbers(20000000) WHERE number < 200000 OR sipHash64(number) = intDiv(1, 10000000 - number)';
const JDBC = new URL('../../../../../test/conformance/jdbc/', import.meta.url).pathname;
const driver = (age: string, size: string): Jars => ({
  home: `${JDBC}${age}`,
  what: `ClickHouse's JDBC driver, ${age} (${size})`,
  need: 'the tests of the SQL endpoint need Java 17 and Maven',
});

let world: World;
let client: ClickHouseClient;
beforeAll(async () => {
  world = await startWorld();
  const identifiers = [{ type: 'user_id', value: 'ann' }];
  await world.feed('shop', [{ id: 'a1', identifiers, amount: '12.50', currency: 'EUR', name: 'Tea “Ümlaut”' }]);
  client = createClient({ url: world.sqlUrl, password: KEYS.shop, log: { level: ClickHouseLogLevel.OFF } });
});
afterAll(async () => {
  await client.close();
  await world[Symbol.asyncDispose]();
});

/** With the key of the shop. */
const post = (path: string, body: string | Buffer | FormData, key = KEYS.shop as string) =>
  fetch(`${world.sqlUrl}${path}`, { method: 'POST', body: body as string, headers: { 'x-clickhouse-key': key } });
const textOf = async (asked: Promise<Response>): Promise<string> => (await asked).text();

// Both JVMs at once; they live too short for anything but the first compiler
describe.concurrent.each([
  ['current', driver('current', '12 MB'), '0.9.8', /^FAILED .*SQLException/],
  ['old', driver('old', '1 MB'), 'clickhouse-jdbc', /^FAILED .*SQLException .*(?:Premature EOF|Division by zero)/],
])('the JDBC driver, %s, with its defaults', (_age, jars, version, cutOff) => {
  test('reads rows, types, metadata; binds parameters; has every failure for an error', async () => {
    const url = `jdbc:ch://${new URL(world.sqlUrl).host}/kenal`;
    const { stdout, stderr } = await run('java', [
      '-cp',
      `${await provideJars(jars)}/*`,
      `${JDBC}Check.java`,
      url,
      KEYS.shop,
    ]);
    const lines = stdout.toString('utf8').split('\n').filter(Boolean);
    const told = Object.fromEntries(lines.map((line) => line.split('\t')));
    const types =
      "order_id String, total Nullable(Decimal(38, 6)), currency LowCardinality(String), ordered_at DateTime64(6, 'UTC'), ";
    expect(told, stderr).toEqual({
      ...{ driver: version, rows: '200000 rows, sum 19999900000', types, parameter: 'true Tea “Ümlaut”' },
      tables: expect.stringMatching(/^order_items .*orders orders_as_of $/),
      columns: expect.stringMatching(/^order_id profile_id source ordered_at status total /),
      'early failure': expect.stringMatching(/^FAILED 47 SQLException .*UNKNOWN_IDENTIFIER/),
      refused: expect.stringMatching(/^FAILED 497 SQLException .*Not allowed here: the table kenal.interaction_rows/),
      'late failure': expect.stringMatching(cutOff),
      'after it': '1 rows, sum 42',
    });
  });
});

test('@clickhouse/client: a statement that fails late fails its stream', async () => {
  for (const format of ['JSONEachRow', 'CSV'] as const) {
    const answer = await client.query({ query: LATE, format });
    const read = async () => {
      for await (const batch of answer.stream()) expect(batch.length).toBeGreaterThan(0);
    };
    // In the engine's words, where the client finds the last block whole in one read
    await expect(read(), format).rejects.toThrow(/Division by zero|error in the stream|aborted/);
    expect(await (await client.query({ query: 'SELECT 42', format: 'CSV' })).text()).toBe('42\n');
  }
  await expect(client.query({ query: LATE, format: 'JSON' })).rejects.toMatchObject({ code: '153' });
});

test('@apla/clickhouse: pings, reads rows whole and as a stream, has every failure for an error', async () => {
  const apla = openApla(world.sqlUrl, KEYS.shop);
  expect(await apla.pinging()).toBe('Ok.\n');
  expect((await apla.querying('SELECT message_id, name FROM interactions')).data).toEqual([['a1', 'Tea “Ümlaut”']]);
  let rows = 0;
  for await (const _row of apla.query('SELECT number FROM numbers(100000)')) rows++;
  expect(rows).toBe(100_000);
  for (const broken of ['SELECT nothing', LATE, `${LATE} FORMAT JSONEachRow`])
    await expect(apla.querying(broken), broken).rejects.toThrow();
  expect((await apla.querying('SELECT 42')).data).toEqual([[42]]);
});

describe('curl', () => {
  const curl = (...args: string[]) => run('curl', ['-sS', '-u', `any:${KEYS.shop}`, ...args]);

  test('sends a form, takes compressed answers, and sees that an answer was cut off', async () => {
    const form = ['-F', 'query=SELECT {a:String}, {b:Nullable(String)} FORMAT JSONCompactEachRow', '-F', 'param_b=\\N'];
    const answered = await curl(world.sqlUrl, ...form, '-F', "param_a=it's\\ta \\\\ backslash");
    expect(JSON.parse(answered.stdout.toString('utf8'))).toEqual(["it's\ta \\ backslash", null]);
    const zipped = await curl('--compressed', `${world.sqlUrl}/?query=SELECT%207`);
    expect(zipped.stdout.toString('utf8')).toBe('7\n');
    for (const more of [[], ['-H', 'accept-encoding: lz4']]) {
      const { code, stdout } = await curl('-d', LATE, world.sqlUrl, '-D', '-', ...more);
      expect(code, 'transfer closed with outstanding read data remaining').toBe(18);
      const tag = /x-clickhouse-exception-tag: ([a-z]{16})/.exec(stdout.toString('latin1'))?.[1];
      const end = `\r\n__exception__\r\n${tag}\r\nCode: 153. DB::Exception: Division by zero`;
      if (more.length === 0) expect(stdout.subarray(-800).toString('latin1')).toContain(end);
    }
  });
});

test('an answer that fails half-way leaves nothing in anybody’s next one, beside it and after it', async () => {
  const neighbour = () => textOf(post('/', 'SELECT 42', KEYS.bank));
  const beside = [neighbour(), neighbour()];
  await Promise.all(
    ['/', '/?compress=1'].map((path) => expect(textOf(post(path, LATE))).rejects.toThrow(/terminated/)),
  );
  expect(await Promise.all([...beside, neighbour(), neighbour(), textOf(post('/', 'SELECT 42'))])).toEqual(
    Array(5).fill('42\n'),
  );
  expect((await post('/?wait_end_of_query=1', LATE)).status, 'who waits for the end is told').toBe(500);
});

test.each(['Native', 'RowBinary', 'RowBinaryWithNamesAndTypes', 'Parquet', 'Arrow', 'JSONEachRow'])(
  'the bytes of %s are those of the engine, plain and in blocks',
  async (format) => {
    const query = 'SELECT number, toString(number) AS t, [number] AS list FROM numbers(60000) ORDER BY number';
    const answer = await world.warehouse.raw(query, { format, workspace: 'shop', settings: { max_threads: 1 } });
    const own = Buffer.concat(await answer.stream.toArray());
    const bytes = async (path: string) =>
      Buffer.from(await (await post(`${path}max_threads=1&default_format=${format}`, query)).arrayBuffer());
    expect((await bytes('/?')).equals(own)).toBe(true);
    expect(readBlocks(await bytes('/?compress=1&'), 1e8).equals(own)).toBe(true);
  },
);

test('statements and errors travel in compressed blocks', async () => {
  const packed = await post('/?decompress=1&compress=1', plainBlock(Buffer.from('SELECT 7')));
  expect(readBlocks(Buffer.from(await packed.arrayBuffer()), 100).toString()).toBe('7\n');
  const wrong = await post('/?compress=1', 'SELECT');
  expect(readBlocks(Buffer.from(await wrong.arrayBuffer()), 1_000).toString()).toMatch(/^Code: 62\. DB::Exception/);
  expect((await post('/?decompress=1', 'SELECT 7')).status).toBe(400);
  const form = new FormData();
  form.set('query', 'SELECT 1');
  form.set('table', new Blob(['1']), 'table.tsv');
  expect((await post('/', form)).status, 'a table of the reader').toBe(403);
});

test('greets a client of the native protocol in its form, with revision 0', async () => {
  const hello = 'SELECT displayName(), version(), revision(), timezone()';
  const answer = await post('/?default_format=Native&client_protocol_version=54460', hello);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.subarray(0, 10)).toEqual(Buffer.from([1, 0, 2, 255, 255, 255, 255, 0, 4, 1]));
  const revision = Buffer.concat([Buffer.from('\u000arevision()\u0006UInt32'), Buffer.alloc(5)]);
  expect(bytes.includes(revision)).toBe(true);
  expect(bytes.subarray(-4).toString()).toBe('\u0003UTC');
  expect(await textOf(post('/', "SHOW FULL TABLES FROM kenal LIKE 'orders'"))).toBe('orders\tView\n');
});

test('a reader who goes away ends the statement, is no fault of the server, and stands in the query log', async () => {
  const leave = new AbortController();
  const heavy = 'SELECT count() FROM numbers(190000000) WHERE sipHash64(toString(number)) = 1';
  const headers = { 'x-clickhouse-key': KEYS.shop, 'user-agent': 'impatient' };
  const asked = fetch(`${world.sqlUrl}/?query_id=heavy`, {
    method: 'POST',
    body: heavy,
    headers,
    signal: leave.signal,
  });
  const running = async (): Promise<unknown> => {
    const mine = "query LIKE '%sipHash64%' AND query NOT LIKE '%processes%'";
    return (await world.warehouse.query(`SELECT count() AS n FROM system.processes WHERE ${mine}`))[0];
  };
  await vi.waitFor(async () => expect(await running()).toEqual({ n: 1 }), 5_000);
  leave.abort();
  await expect(asked).rejects.toThrow(/abort/);
  await vi.waitFor(async () => expect(await running()).toEqual({ n: 0 }), 3_000);
  const metrics = () => textOf(fetch(`${world.url}/metrics`));
  await vi.waitFor(async () => expect(await metrics()).toMatch(/kenal_sql_queries_total\{outcome="left"\} 1/), 20_000);
  expect(world.faults).toEqual([]);

  await world.api.stop(); // what is held is written
  const log = 'SELECT query_id, reader, client, query, exception_code, result_rows, refused FROM query_log';
  const rows = (await textOf(post('/?default_format=JSONEachRow', log)))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const reader = expect.stringMatching(/^key [0-9a-f]{8}$/);
  expect(rows).toContainEqual({
    ...{
      query_id: 'heavy',
      reader,
      client: 'impatient',
      query: 'SELECT count() FROM numbers(?) WHERE sipHash64(toString(number)) = ?',
    },
    ...{ exception_code: 394, result_rows: 0, refused: false },
  });
  expect(rows).toContainEqual(expect.objectContaining({ query: 'SELECT ?', result_rows: 1, exception_code: 0 }));
  expect(rows).toContainEqual(expect.objectContaining({ query: withoutValues(LATE), exception_code: 153 }));
  expect(rows).toContainEqual(expect.objectContaining({ exception_code: 497, refused: true }));
  const others = await textOf(post('/', 'SELECT DISTINCT query FROM query_log', KEYS.bank));
  expect(others, 'only its own').toBe('SELECT ?\n');
});
