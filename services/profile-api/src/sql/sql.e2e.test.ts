import { gzipSync } from 'node:zlib';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEYS, startWorld, type World } from '../testing/world.ts';

const QUIET = { level: ClickHouseLogLevel.OFF };

let world: World;
let client: ClickHouseClient;

beforeAll(async () => {
  world = await startWorld();
  const identifiers = [{ type: 'user_id', value: 'ann' }];
  await world.feed('shop', [
    { id: 'a1', identifiers, amount: '12.50', currency: 'EUR', name: 'Tea “Ümlaut”' },
    { id: 'a2', identifiers, properties: '{"plan":"gold"}' },
  ]);
  await world.feed('bank', [{ id: 'b1', identifiers }]);
  client = createClient({ url: world.sqlUrl, username: 'anybody', password: KEYS.shop, database: 'kenal', log: QUIET });
});
afterAll(async () => {
  await client.close();
  await world[Symbol.asyncDispose]();
});

const sql = (query: string, body = '', headers: Record<string, string> = {}, base = world.sqlUrl) =>
  fetch(`${base}/?${query}`, {
    method: 'POST',
    body,
    headers: { authorization: `Basic ${Buffer.from(`x:${KEYS.shop}`).toString('base64')}`, ...headers },
  });

test.each([
  ['identity_partition', "identity_partition takes a time: SELECT * FROM identity_partition(at = '2026-"],
  [
    "identity_partition(at = 'yesterday')",
    "identity_partition takes a time: SELECT * FROM identity_partition(at = '2026-",
  ],
  ['rfm_as_of', "rfm_as_of takes a day: SELECT * FROM rfm_as_of(as_of = '2026-"],
])('%s is told what it takes', async (view, sentence) => {
  const answer = await sql('', `SELECT * FROM ${view}`);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(`DB::Exception: ${sentence}`)]);
});

describe('@clickhouse/client as it is', () => {
  test('pings, with and without a query', async () => {
    expect(await client.ping()).toEqual({ success: true });
    expect(await client.ping({ select: true })).toEqual({ success: true });
    const stranger = createClient({ url: world.sqlUrl, password: 'wrong', log: QUIET });
    expect(await stranger.ping({ select: true })).toMatchObject({ success: false, error: { code: '516' } });
    await stranger.close();
  });

  test.each(['JSONEachRow', 'JSON', 'JSONCompactEachRow', 'JSONCompact', 'CSVWithNames', 'TabSeparated'] as const)(
    'reads rows as %s',
    async (format) => {
      const answer = await client.query({ query: 'SELECT message_id FROM interactions ORDER BY 1', format });
      expect(await answer.text()).toMatch(/a1.*a2/s);
      expect(answer.query_id).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  test('reads objects, binds parameters, keeps its query id and settings', async () => {
    const answer = await client.query({
      query:
        'SELECT count() AS n, {t:String} AS text, {list:Array(String)} AS list FROM interactions WHERE source = {s:String}',
      query_params: { s: 'web', t: "it's a\ttab \\ and \n line", list: ['a', "b'"] },
      query_id: 'mine-1',
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0, wait_end_of_query: 1, max_threads: 64 },
    });
    expect(answer.query_id).toBe('mine-1');
    expect(await answer.json()).toEqual([{ n: 2, text: "it's a\ttab \\ and \n line", list: ['a', "b'"] }]);
  });

  test('streams rows', async () => {
    const answer = await client.query({ query: 'SELECT number FROM numbers(100000)', format: 'JSONEachRow' });
    let rows = 0;
    for await (const batch of answer.stream()) rows += batch.length;
    expect(rows).toBe(100_000);
  });

  test('takes compressed answers', async () => {
    const zipped = createClient({
      url: world.sqlUrl,
      password: KEYS.shop,
      compression: { response: true },
      clickhouse_settings: { enable_http_compression: 1 },
    });
    const answer = await zipped.query({ query: 'SELECT count() AS n FROM interactions', format: 'JSONEachRow' });
    expect(await answer.json()).toEqual([{ n: 2 }]);
    await zipped.close();
  });

  test('learns what was wrong', async () => {
    const fails = (query: string) =>
      client.query({ query }).then(
        () => null,
        (error: unknown) => error,
      );
    expect(await fails('SELECT nothing FROM interactions')).toMatchObject({ code: '47', type: 'UNKNOWN_IDENTIFIER' });
    expect(await fails('SELEC 1')).toMatchObject({ code: '62', type: 'SYNTAX_ERROR' });
    expect(await fails('SELECT * FROM interaction_rows')).toMatchObject({ code: '497', type: 'ACCESS_DENIED' });
    await expect(client.command({ query: 'DROP TABLE kenal.migrations' })).rejects.toMatchObject({ code: '497' });
    await expect(client.insert({ table: 'migrations', values: [{ name: 'x' }] })).rejects.toMatchObject({
      code: '497',
    });
  });
});

describe('the HTTP interface', () => {
  test.each(['/?query=SELECT%20count()%20FROM%20interactions', '/?query=SELECT%20count()&x=1'])(
    'GET %s',
    async (path) => {
      const answer = await fetch(`${world.sqlUrl}${path}`, {
        headers: { 'x-clickhouse-user': 'x', 'x-clickhouse-key': KEYS.shop },
      });
      expect(answer.status).toBe(200);
    },
  );

  test('takes the query before the body, and both as one statement', async () => {
    expect(await (await sql('query=SELECT%20count()', 'FROM interactions')).text()).toBe('2\n');
    expect(await (await sql('', 'SELECT 1')).text()).toBe('1\n');
  });

  test('is the same at /v1/sql of the main port', async () => {
    const answer = await sql(
      'default_format=JSONEachRow',
      'SELECT count() AS n FROM interactions',
      {},
      `${world.url}/v1/sql`,
    );
    expect(await answer.json()).toEqual({ n: 2 });
  });

  test('describes its answer in headers', async () => {
    const { headers } = await sql('query_id=q-7&default_format=CSVWithNames', 'SELECT message_id FROM interactions');
    expect(headers.get('x-clickhouse-query-id')).toBe('q-7');
    expect(headers.get('x-clickhouse-format')).toBe('CSVWithNames');
    expect(headers.get('x-clickhouse-timezone')).toBe('UTC');
    expect(headers.get('content-type')).toBe('text/csv; charset=UTF-8; header=present');
    expect(JSON.parse(headers.get('x-clickhouse-summary') ?? '')).toMatchObject({
      read_rows: expect.stringMatching(/^\d+$/),
    });
    const { headers: json } = await sql('', 'SELECT 1 FORMAT JSONCompact SETTINGS max_threads = 1');
    expect(json.get('x-clickhouse-format')).toBe('JSONCompact');
    expect(json.get('content-type')).toBe('application/json; charset=UTF-8');
    expect((await sql('', 'SELECT 1', { 'x-clickhouse-format': 'XML' })).headers.get('content-type')).toBe(
      'application/xml; charset=UTF-8',
    );
  });

  test('gives binary formats byte for byte', async () => {
    const query = "SELECT toInt32(7) AS n, name FROM interactions WHERE message_id = 'a1'";
    const bytes = Buffer.from(await (await sql('default_format=RowBinary', query)).arrayBuffer());
    const name = Buffer.from('Tea “Ümlaut”');
    expect(bytes).toEqual(Buffer.concat([Buffer.from([7, 0, 0, 0, name.length]), name]));
    const parquet = Buffer.from(await (await sql('default_format=Parquet', 'SELECT * FROM numbers(10)')).arrayBuffer());
    expect([parquet.subarray(0, 4).toString(), parquet.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);
  });

  test.each([
    ['gzip, deflate', '', 'gzip'],
    ['zstd;q=1, gzip;q=0', '', 'zstd'],
    ['deflate', 'enable_http_compression=1', 'deflate'],
    ['gzip, zstd, br', '', 'br'],
    ['gzip', 'enable_http_compression=0', null],
    ['identity', '', null],
  ])('of the content codings %s takes, %s', async (accepted, query, coding) => {
    const answer = await sql(query, 'SELECT 1', { 'accept-encoding': accepted });
    expect(answer.headers.get('content-encoding')).toBe(coding);
    expect(await answer.text()).toBe('1\n');
  });

  test.each([
    [
      'date_time_input_format=best_effort&send_progress_in_http_headers=1&session_id=x&wait_end_of_query=1&extremes=0',
      200,
    ],
    ['compress=0&session_timeout=60&session_check=0&role=x&quota_key=q&stacktrace=0&buffer_size=3&readonly_=1', 200],
    ['output_format_json_quote_64bit_integers=1&http_response_buffer_size=9&receive_timeout=300', 200],
    [
      'async_insert=1&network_compression_method=lz4&client_protocol_version=54460&whatever=1&http_receive_timeout=3',
      200,
    ],
    ['max_execution_time=100000&max_result_rows=0&readonly_=0&max_memory_usage=0', 200],
    ['database=default', 200],
    ['database=system', 404],
    ['log_comment=bank', 403],
    ['readonly=0', 403],
    ['additional_table_filters=%7B%7D', 403],
    ['default_format=Nonsense', 404],
    ['param_a-b=1', 400],
    ['query_id=%0d%0aX', 400],
    ['query_id=%C3%BC%E2%82%AC', 400],
  ])('settings in the URL: %s → %i', async (query, status) => {
    const answer = await sql(query, 'SELECT uniqExact(workspace) FROM interactions');
    expect(answer.status).toBe(status);
    if (status === 200) expect(await answer.text()).toBe('1\n');
    else expect(await answer.text()).toMatch(/^Code: \d+\. DB::Exception: .*\([A-Z_]+\)\n$/);
  });

  test('a limit in the URL counts where it is lower', async () => {
    const answer = await sql('max_result_rows=3', 'SELECT * FROM numbers(4)');
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe('396');
    expect((await sql('max_result_rows=2&result_overflow_mode=break', 'SELECT * FROM numbers(10)')).status).toBe(200);
  });

  test.each([
    ['gzip', gzipSync(`SELECT 1${' '.repeat(5_000_000)}`), /over 4194304 bytes unpacked/],
    ['gzip', Buffer.from('SELECT 1'), /is not gzip/],
    ['compress', Buffer.from('SELECT 1'), /Unknown Content-Encoding compress/],
  ])('a packed statement that cannot be unpacked is told why: %s', async (coding, body, said) => {
    const headers = { 'x-clickhouse-key': KEYS.shop, 'content-encoding': coding };
    const answer = await fetch(world.sqlUrl, { method: 'POST', body: Uint8Array.from(body), headers });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringMatching(said)]);
  });

  test('a stranger’s statement is not even read', async () => {
    const pull = async (piece: ReadableStreamDefaultController): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve)); // or nobody else gets a turn
      piece.enqueue(Buffer.alloc(1));
    };
    const endless = new ReadableStream({ pull }, { highWaterMark: 1 });
    const options = { method: 'POST', body: endless, duplex: 'half', headers: { authorization: 'Basic eDp5' } };
    expect((await fetch(world.sqlUrl, options as RequestInit)).status).toBe(401);
  });

  test('a wrong key, a wrong statement and an empty one are told as ClickHouse tells them', async () => {
    const wrong = await sql('', 'SELECT 1', { authorization: 'Basic eDp5' });
    expect([wrong.status, wrong.headers.get('x-clickhouse-exception-code')]).toEqual([401, '516']);
    const broken = await sql('', 'SELECT FROM WHERE');
    expect([broken.status, broken.headers.get('x-clickhouse-exception-code')]).toEqual([400, '62']);
    expect(await broken.text()).toMatch(/^Code: 62\. DB::Exception: Syntax error: .*\(SYNTAX_ERROR\)\n$/s);
    expect((await sql('', '')).status).toBe(400);
    expect((await sql('', 'SELECT * FROM nowhere')).status).toBe(404);
  });

  test('a failed query leaves nothing in the next answer', async () => {
    for (let i = 0; i < 5; i++) {
      const [bad, good] = await Promise.all([
        sql('', 'SELECT number, throwIf(number = 70000) FROM numbers(100000) SETTINGS max_block_size = 100'),
        sql('', 'SELECT intDiv(1, number - 70000), number FROM numbers(100000) SETTINGS max_block_size = 100'),
      ]);
      expect([bad.status, good.status]).toEqual([403, 500]);
      expect(await (await sql('', 'SELECT 42')).text()).toBe('42\n');
    }
  });

  test('says that somebody is there without a key', async () => {
    expect(await (await fetch(`${world.sqlUrl}/ping`)).text()).toBe('Ok.\n');
    expect(await (await fetch(`${world.sqlUrl}/`)).text()).toBe('Ok.\n');
    for (const url of [`${world.sqlUrl}/replicas_status`, `${world.url}/v1/sql/ping`])
      expect(await (await fetch(url)).text()).toBe('Ok.\n');
    for (const path of ['/', '/ping'])
      expect((await fetch(`${world.sqlUrl}${path}`, { method: 'HEAD' })).status).toBe(200);
  });
});
