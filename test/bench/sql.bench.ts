import { request } from 'node:http';
import { blocksOf, readBlocks } from '../../services/profile-api/src/sql/blocks/compressed-blocks.ts';
import { KEYS, startWorld } from '../../services/profile-api/src/testing/world.ts';
import { percentiles, plain, report, shown } from './measure.ts';

/**
 * What the SQL endpoint costs beside the engine itself, in one process: `node test/bench/sql.bench.ts [small queries] [MB]`.
 * The client counts bytes and throws them away; it shares the thread with the endpoint.
 */
const SMALL = Number(process.argv[2] ?? 300);
const MEGABYTES = Number(process.argv[3] ?? 100);

await using world = await startWorld();
await world.feed('shop', [{ id: 'a1', identifiers: [{ type: 'user_id', value: 'ann' }] }]);

/** @returns bytes of the body */
function ask(query: string, sql: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { 'x-clickhouse-key': KEYS.shop } };
    const asked = request(`${world.sqlUrl}/?${query}`, options, (answer) => {
      let bytes = 0;
      answer.on('data', (piece: Buffer) => {
        bytes += piece.length;
      });
      answer.once('end', () =>
        answer.statusCode === 200 ? resolve(bytes) : reject(new Error(`${answer.statusCode}`)),
      );
    });
    asked.once('error', reject);
    asked.end(sql);
  });
}

async function direct(sql: string, format: string): Promise<number> {
  const answer = await world.warehouse.raw(sql, { format, workspace: 'shop', role: 'analyst', inPieces: true });
  let bytes = 0;
  for await (const piece of answer.stream as AsyncIterable<Buffer>) bytes += piece.length;
  return bytes;
}

async function latency(work: () => Promise<unknown>): Promise<ReturnType<typeof percentiles> & { core: number }> {
  for (let i = 0; i < 20; i++) await work();
  const times: number[] = [];
  const cpu = process.cpuUsage();
  for (let i = 0; i < SMALL; i++) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { ...percentiles(times), core: (user + system) / 1_000 / SMALL };
}

const small = 'SELECT count() FROM interactions';
const own = await latency(() => direct(small, 'TabSeparated'));
const asked = await latency(() => ask('', small));
report({
  measure: 'SQL: a small query, p50',
  value: asked.p50,
  unit: 'ms',
  detail: `${shown(asked)}, ${plain(asked.core)} core-ms; the engine by itself ${shown(own)}, ${plain(own.core)} core-ms`,
});

// Readers get a million rows at most, so the rows are long: two numbers and a text of some 130 characters
const ROWS = Math.round((MEGABYTES * 1e6) / 150);
const TEXT =
  'concat(\'{"user":\', toString(number * 7919 % 10007), \',"name":"Product Viewed","page":"/tea/\', toString(number), \'","referrer":"https://shop.example/search?q=tea","price":12.5}\')';
const large = `SELECT number, number * 3 AS n, ${TEXT} AS t FROM numbers(${ROWS})`;
async function speed(work: () => Promise<number>): Promise<{ rate: number; core: number; bytes: number }> {
  await work();
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const bytes = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { rate: bytes / 1e3 / (performance.now() - begun), core: (user + system) / 1e3 / (bytes / 1e6), bytes };
}
for (const [format, query, name] of [
  ['Native', '', 'Native'],
  ['CSV', '', 'CSV'],
  ['Native', 'compress=1', 'Native, compress=1'],
] as const) {
  const bare = await speed(() => direct(large, format));
  const served = await speed(() => ask(`default_format=${format}&${query}`, large));
  const rate = (served.rate * bare.bytes) / served.bytes; // of the content, however it is packed
  report({
    measure: `SQL: ${plain(bare.bytes / 1e6)} MB of ${name}`,
    value: rate,
    unit: 'MB/s',
    detail: `${plain((served.core * served.bytes) / bare.bytes)} core-ms a MB, of the engine by itself ${plain(bare.core)}; ${plain(served.bytes / 1e6)} MB on the wire`,
    ceiling: { name: 'the engine by itself', value: bare.rate },
  });
}

const csv = Buffer.from(Array.from({ length: 400_000 }, (_, i) => `${i},user-${(i * 7919) % 10_007},Tea\n`).join(''));
for (let round = 0; round < 3; round++) {
  const parts: Buffer[] = [];
  let cpu = process.cpuUsage();
  for await (const block of blocksOf([csv] as unknown as AsyncIterable<Buffer>)) parts.push(block);
  const packed = process.cpuUsage(cpu).user / 1e6;
  cpu = process.cpuUsage();
  readBlocks(Buffer.concat(parts), 1e9);
  const read = process.cpuUsage(cpu).user / 1e6;
  if (round === 2)
    report({
      measure: 'SQL: compressed blocks of CSV, written',
      value: csv.length / 1e6 / packed,
      unit: 'MB a core-second',
      detail: `read ${plain(csv.length / 1e6 / read)}; ${plain(Buffer.concat(parts).length / csv.length)} of the size`,
    });
}
