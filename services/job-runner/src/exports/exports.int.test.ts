import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { exportJob, exportSchema, kenalConfigSchema } from '@kenal/contracts';
import { openEventLog, topicSpecs } from '@kenal/event-log';
import { openEmbeddedQueue } from '@kenal/jobs/embedded';
import { createLogger, createMetrics, type DeclaredExport, hashKey, systemClock } from '@kenal/service-kit';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createExports } from './exports.ts';
import { createOpenPlace } from './open-place.ts';
import { createRunExport } from './run-export.ts';
import { createS3Client } from './s3-client.ts';
import { openBucket } from './s3-place.ts';

const { signal } = new AbortController();
const CSV = '"id","note"\n1,"=1+1"\n-2,"a\nb"\n';
const HALF = 'the answer broke off';

const temporary = (): string => mkdtempSync(join(tmpdir(), 'kenal-exports-'));

function wanted(change: object = {}): DeclaredExport {
  const declared = exportSchema.parse({ name: 'crm', what: 'profiles', ...change });
  return { ...declared, workspace: 'shop', timezone: 'UTC', from: 'api', allowsPrivate: true };
}

/** Runs of exports with rows that come in pieces of a few bytes, a second apart by the clock. */
function createRuns(base: string, text = CSV, fails = false) {
  let now = Date.UTC(2026, 11, 1, 3) * 1_000;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < text.length; at += 5) yield Buffer.from(text.slice(at, at + 5));
    if (fails) throw new Error(HALF);
  }
  const environment = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER', KENAL_EXPORT_WRONG: 'x' };
  const run = createRunExport({
    askRows: async () => bytes(),
    base,
    awaitStored: async () => undefined,
    openPlace: createOpenPlace({ base, environment, resolve: async () => [] }),
    clock: () => (now += 1_000_000),
  });
  return (one: DeclaredExport) => run(one, async () => undefined, signal);
}

describe('a folder', () => {
  test.each([
    ['csv', 'none', (bytes: Buffer) => bytes, `"id","note"\n1,"'=1+1"\n-2,"a\nb"\n`, 2],
    ['csv', 'gzip', gunzipSync, `"id","note"\n1,"'=1+1"\n-2,"a\nb"\n`, 2],
    ['ndjson', 'zstd', zstdDecompressSync, CSV, 4],
  ] as const)(
    '%s, compressed by %s, is whole beside a manifest that is true',
    async (format, compression, read, text, rows) => {
      const base = temporary();
      const manifest = await createRuns(base)(wanted({ format, compression }));
      const folder = join(base, 'shop', 'crm');
      const bytes = readFileSync(join(folder, manifest.file));
      expect(read(bytes).toString()).toBe(text);
      expect(manifest).toMatchObject({
        name: 'crm',
        rows,
        bytes: bytes.length,
        query: expect.stringContaining('FROM profiles'),
      });
      expect(manifest.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(manifest.file).toMatch(/^crm-20261201T030001000Z\.(csv|csv\.gz|ndjson\.zst)$/);
      expect(readdirSync(folder).sort()).toEqual([manifest.file, `${manifest.file}.manifest.json`]);
      expect(JSON.parse(readFileSync(join(folder, `${manifest.file}.manifest.json`), 'utf8'))).toEqual(manifest);
    },
  );

  test('a run that fails or is killed in the middle leaves nothing that looks whole, and the next one tidies up', async () => {
    const base = temporary();
    const folder = join(base, 'shop', 'crm');
    await expect(createRuns(base, CSV, true)(wanted())).rejects.toThrow(HALF);
    expect([readdirSync(folder), readdirSync(base)]).toEqual([[], ['shop']]);
    const child = spawnSync(process.execPath, [
      fileURLToPath(new URL('testing/killed-child.ts', import.meta.url)),
      base,
    ]);
    expect(child.signal).toBe('SIGKILL');
    expect(readdirSync(folder)).toEqual(['.crm-20261201T030000000Z.csv.part']);
    const { file } = await createRuns(base)(wanted());
    expect(readdirSync(folder).sort()).toEqual([file, `${file}.manifest.json`]);
  });

  test('of runs that are kept the oldest goes, and no file of others', async () => {
    const base = temporary();
    const folder = join(base, 'shop', 'crm');
    const run = createRuns(base);
    mkdirSync(folder, { recursive: true });
    const evil = { name: 'crm', file: '../../../secret', format: 'csv', compression: 'none', rows: 0, bytes: 0 };
    writeFileSync(join(base, 'secret'), '');
    writeFileSync(
      join(folder, 'crm-0.manifest.json'),
      JSON.stringify({ ...evil, sha256: '', query: '', started: '1970', finished: '1970' }),
    );
    await run(wanted({ name: 'crm-two', to: { folder: 'crm' } }));
    for (let n = 0; n < 3; n++) await run(wanted({ keep: 2 }));
    const left = readdirSync(folder).filter((file) => /^crm-2026.*csv$/.test(file));
    expect(left).toHaveLength(2);
    expect(readdirSync(folder).filter((file) => file.startsWith('crm-two'))).toHaveLength(2);
    expect(existsSync(join(base, 'secret'))).toBe(true);
  });

  test.each([
    ['a link to a folder elsewhere', (base: string, out: string) => symlinkSync(out, join(base, 'shop', 'crm'))],
    ['a link further up', (base: string, out: string) => symlinkSync(out, join(base, 'shop', 'a'))],
    ['a file', (base: string) => writeFileSync(join(base, 'shop', 'crm'), '')],
  ])('%s is not followed', async (_what, lay) => {
    const [base, out] = [temporary(), temporary()];
    mkdirSync(join(base, 'shop'));
    lay(base, out);
    const folder = existsSync(join(base, 'shop', 'a')) ? 'a/b' : 'crm';
    await expect(createRuns(base)(wanted({ to: { folder } }))).rejects.toMatchObject({ code: 'forbidden' });
    expect(readdirSync(out)).toEqual([]);
  });
});

describe('a bucket', () => {
  const directory = temporary();
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: 'people', configs: [] }],
  });
  let endpoint = '';
  beforeAll(async () => {
    const { port } = await server.run();
    endpoint = `http://127.0.0.1:${port}`;
  });
  afterAll(() => server.close());

  const s3 = (change: object = {}) => ({
    ...{ endpoint, bucket: 'people', prefix: 'kenal/', pathStyle: true },
    ...{ accessKeyId: 'env:AWS_ACCESS_KEY_ID', secretAccessKey: 'env:AWS_SECRET_ACCESS_KEY', ...change },
  });
  const stored = (key: string): Buffer => readFileSync(join(directory, 'people', `${key}._S3rver_object`));

  test('takes a file and its manifest', async () => {
    const manifest = await createRuns(temporary())(wanted({ format: 'ndjson', to: { s3: s3() } }));
    expect(stored(`kenal/${manifest.file}`).toString()).toBe(CSV);
    expect(JSON.parse(stored(`kenal/${manifest.file}.manifest.json`).toString())).toEqual(manifest);
  });

  test('takes a large file in parts, and has none of one that fails half-way', async () => {
    const place = wanted({ to: { s3: s3() } }).to.s3!;
    const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
    const client = createS3Client({ place, credentials, allowsPrivate: true, resolve: async () => [], signal });
    const part = 5 * 1024 * 1024;
    const bucket = openBucket(place, client, part);
    const piece = Buffer.alloc(1_000_003, 'x');
    const pieces = async function* (count: number, fault?: Error) {
      for (let n = 0; n < count; n++) yield piece;
      if (fault !== undefined) throw fault;
    };
    await bucket.put('large', pieces(11));
    expect(stored('kenal/large').equals(Buffer.concat(Array(11).fill(piece)))).toBe(true);
    await expect(bucket.put('broken', pieces(7, new Error(HALF)))).rejects.toThrow(HALF);
    expect(existsSync(join(directory, 'people', 'kenal/broken._S3rver_object'))).toBe(false);
  });

  test.each([
    [
      'an unknown key',
      { accessKeyId: 'env:KENAL_EXPORT_WRONG' },
      { code: 'bad_config', message: /403 InvalidAccessKeyId/ },
    ],
    [
      'a variable that is not set',
      { secretAccessKey: 'env:KENAL_EXPORT_NONE' },
      { code: 'bad_config', message: /KENAL_EXPORT_NONE is not set/ },
    ],
    ['a bucket that there is not', { bucket: 'nobody' }, { code: 'bad_config', message: /404 NoSuchBucket/ }],
    ['nobody there', { endpoint: 'http://127.0.0.1:1' }, { code: 'unavailable', message: /ECONNREFUSED/ }],
  ])('%s is said', async (_what, change, { code, message }) => {
    const run = createRuns(temporary())(wanted({ to: { s3: s3(change) } }));
    await expect(run).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('an answer that breaks off is none, whatever its status: a fault may have stood in it', async () => {
    const broken = createServer((_request, reply) => void reply.writeHead(200).write('<', () => reply.destroy()));
    await once(broken.listen(0, '127.0.0.1'), 'listening');
    const at = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
    const run = createRuns(temporary())(wanted({ to: { s3: s3({ endpoint: at }) } }));
    await expect(run).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining(at.slice(7)) });
    broken.close();
  });

  test.each([
    ['by its address', () => endpoint, 'bad_config', /must begin with https/],
    ['by a name', () => 'https://bucket.example.com', 'unavailable', /private network, or this machine/],
  ])('in a private network, %s, nothing is sent to it unless that is allowed', async (_how, at, code, message) => {
    const place = { ...wanted({ to: { s3: s3() } }).to.s3!, endpoint: at() };
    const resolve = async () => [{ address: '10.0.0.7', family: 4 }];
    const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
    const client = createS3Client({ place, credentials, allowsPrivate: false, resolve, signal });
    await expect(openBucket(place, client).put('x', (async function* () {})())).rejects.toMatchObject({
      ...{ code, message: expect.stringMatching(message) },
    });
  });
});

test('jobs are run and counted by how they ended', async () => {
  await using undo = new AsyncDisposableStack();
  const dataDir = temporary();
  const log = undo.adopt(await openEventLog({ dataDir, clientId: 'test' }), (it) => it.close());
  await log.ensureTopics(topicSpecs(30));
  const queue = undo.adopt(await openEmbeddedQueue({ dataDir }), (it) => it.close());
  const api = createServer((_request, reply) => void reply.setHeader('x-clickhouse-format', 'CSVWithNames').end(CSV));
  await once(api.listen(0, '127.0.0.1'), 'listening');
  undo.defer(() => void api.close());
  const sources = [{ id: 'web', keys: [{ key: hashKey('write') }] }];
  const metrics = createMetrics();
  const service = createExports(
    {
      ...{ log, queue, metrics, clock: systemClock, logger: createLogger({ name: 'test', level: 'silent' }) },
      state: { processed: async () => [] },
      config: kenalConfigSchema.parse({
        workspaces: [{ id: 'shop', sources, exports: [{ name: 'crm', what: 'orders' }] }],
      }),
      door: { keyFor: () => 'key' },
      apiUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
      exports: { base: dataDir, environment: {} },
    },
    signal,
  );
  await service.start();
  await queue.add([exportJob('shop', 'crm')]);
  const shown = async () => (await metrics.render()).text;
  await expect.poll(shown).toContain('kenal_exports_total{outcome="written"} 1');
  expect(readdirSync(join(dataDir, 'shop', 'crm'))).toHaveLength(2);
  api.removeAllListeners('request').on('request', (_request, reply) => void reply.writeHead(400).end('Code: 60.'));
  await queue.add([exportJob('shop', 'crm')]);
  await expect.poll(shown).toContain('kenal_exports_total{outcome="failed"} 1');
  await service.stop();
});
