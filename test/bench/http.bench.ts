/**
 * HTTP accept: the collector alone on the embedded log and on Kafka, beside the same HTTP server with nothing in it, in
 * one run. Nobody reads the log meanwhile (that is end-to-end.bench.ts).
 *   node test/bench/http.bench.ts [seconds]
 * Each in a process of its own; the load generator takes the other core. core-µs = CPU time of the server's process,
 * all threads, over events. The first case comes twice: autocannon, which is not ours, must tell the same story, with
 * less left of the machine for the server.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hashKey } from '@kenal/service-kit';
import autocannon from 'autocannon';
import { startKafka } from '../support/kafka.ts';
import { loadFor } from './ceilings.ts';
import { percentiles, plain, quiet, report, serverProcesses, startMeter, type Usage } from './measure.ts';
import { createRequestsOf, httpRequest, ID_MARK } from './requests.ts';

const KEY = 'bench-key';
const SECONDS = Number(process.argv[2] ?? 8);
const COLLECTOR = new URL('../../services/collector-web/src/main.ts', import.meta.url).pathname;
const BARE = new URL('./bare-server.ts', import.meta.url).pathname;

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

interface Case {
  readonly name: string;
  readonly path: string;
  readonly connections: number;
  readonly events: number;
  /** Load by autocannon instead of load.ts. */
  readonly autocannon?: true;
  /** Requests a second; left out: as many as are answered. */
  readonly pace?: number;
  /** The must of reliability.md: events a second at least, core-µs at most. */
  readonly least?: number;
  readonly most?: number;
}

const CASES: readonly Case[] = [
  {
    name: 'one event a request, 64 connections',
    path: '/v1/track',
    connections: 64,
    events: 1,
    least: 8_000,
    most: 100,
  },
  {
    name: 'one event a request, 64 connections, by autocannon',
    path: '/v1/track',
    connections: 64,
    events: 1,
    autocannon: true,
  },
  { name: 'one event a request at 5,000/s', path: '/v1/track', connections: 64, events: 1, pace: 5_000 },
  { name: 'one event a request, 1,024 connections', path: '/v1/track', connections: 1_024, events: 1, least: 13_000 },
  { name: 'batches of 100, 16 connections', path: '/v1/batch', connections: 16, events: 100, least: 45_000, most: 30 },
];

const folder = await mkdtemp(join(tmpdir(), 'kenal-bench-'));
const kafka = await startKafka();
try {
  process.stdout.write(
    `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${SECONDS} s each, 10,000,000 events/s allowed a key, ${eventText(ID_MARK).length} bytes an event\n`,
  );
  for (const one of CASES) {
    const ceiling = await measureOne(one, () => startServer(BARE, {}));
    describe(one, 'bare', ceiling);
    for (const [log, brokers] of [
      ['embedded', ''],
      ['kafka', kafka.brokers],
    ] as const)
      describe(one, log, await measureOne(one, () => startCollector(join(folder, log), brokers)), ceiling);
  }
} finally {
  await kafka.stop();
  await rm(folder, { recursive: true, force: true });
}

interface Measured {
  readonly rate: number;
  readonly coreMicros: number;
  readonly result: Answers;
  readonly usage: Usage;
}

interface Answers {
  readonly events: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly refused: number;
}

async function measureOne(one: Case, start: () => Promise<Server>): Promise<Measured> {
  const server = await start();
  const load = one.autocannon ? cannon : own;
  await load(server.url, one, 2); // warm
  await quiet();
  const [before, stopMeter] = [await cpuSeconds(server.url), startMeter(serverProcesses())];
  const result = await load(server.url, one, SECONDS);
  const usage = stopMeter();
  const used = (await cpuSeconds(server.url)) - before;
  await server.stop();
  return { rate: result.events / result.seconds, coreMicros: (used * 1e6) / result.events, result, usage };
}

function bodyOf(one: Case, text: (index: number) => string): string {
  return one.events === 1 ? text(0) : `{"batch":[${Array.from({ length: one.events }, (_, i) => text(i)).join(',')}]}`;
}

async function own(url: string, one: Case, seconds: number): Promise<Answers> {
  const requests = createRequestsOf(
    httpRequest(
      one.path,
      KEY,
      bodyOf(one, () => eventText(ID_MARK)),
    ),
    one.events,
  );
  const { events, refused, waits, ...result } = await loadFor(seconds, url, requests, one.connections, one.pace);
  const { p50, p99 } = percentiles(waits);
  return { events, seconds: result.seconds, p50, p99, refused };
}

async function cannon(url: string, one: Case, duration: number): Promise<Answers> {
  const { '2xx': answered, ...result } = await autocannon({
    ...{ url: url + one.path, method: 'POST', connections: one.connections, duration, idReplacement: true },
    headers: { 'x-write-key': KEY, 'content-type': 'application/json' },
    body: bodyOf(one, (index) => eventText(`[<id>]-${index}`)),
  });
  const { latency, non2xx, errors } = result;
  return {
    ...{ events: answered * one.events, seconds: result.duration, p50: latency.p50, p99: latency.p99 },
    refused: non2xx + errors,
  };
}

function describe(one: Case, log: string, { rate, coreMicros, result, usage }: Measured, ceiling?: Measured): void {
  const measure = `HTTP accept (${log}), ${one.name}`;
  const load = (usage.micros.get('load') ?? 0) / result.events;
  report({
    ...{ measure, value: rate, unit: 'events/s' },
    ...(ceiling ? { ceiling: { name: 'bare', value: ceiling.rate } } : {}),
    ...(ceiling && one.least ? { must: { least: one.least } } : {}),
    detail: `p50 ${plain(result.p50)} p99 ${plain(result.p99)} ms, refused ${result.refused}, load generator ${plain(load)} core-µs, ${usage.noise}`,
  });
  if (one.pace !== undefined && ceiling) {
    report({ measure: `${measure}, p50`, value: result.p50, unit: 'ms', must: { most: 4 } });
    report({ measure: `${measure}, p99`, value: result.p99, unit: 'ms', must: { most: 25 } });
  }
  report({
    ...{ measure: `${measure}: cost`, value: coreMicros, unit: 'core-µs/event' },
    ...(ceiling && one.most ? { must: { most: one.most } } : {}),
  });
}

/** A tracked order of 650 bytes; each request gets ids of its own where `id` stands. */
function eventText(id: string): string {
  return JSON.stringify({
    type: 'track',
    messageId: id,
    userId: 'user-3737',
    anonymousId: '5f6c2c1e-7dd2-4d8c-9d0a-100000000000',
    event: 'Order Completed',
    timestamp: new Date().toISOString(),
    sentAt: new Date().toISOString(),
    properties: {
      order_id: 'o-1',
      total: 27.5,
      revenue: 25,
      currency: 'GBP',
      products: [
        {
          product_id: '507f1f77bcf8',
          sku: '45790-32',
          name: 'Monopoly: 3rd Edition',
          price: 19,
          quantity: 1,
          category: 'Games',
        },
      ],
    },
    context: {
      library: { name: 'bench', version: '1.0.0' },
      page: { url: 'https://shop.example/checkout', path: '/checkout', title: 'Checkout' },
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
      locale: 'en-GB',
      ip: '203.0.113.7',
    },
  });
}

async function startCollector(data: string, brokers: string): Promise<Server> {
  await mkdir(data, { recursive: true });
  const config = join(data, 'kenal.yaml');
  await writeFile(
    config,
    `workspaces: [{id: bench, sources: [{id: web, eventsPerSecond: 10000000, keys: [{key: '${hashKey(KEY)}', scope: secret}]}]}]`,
  );
  return startServer(COLLECTOR, { KENAL_DATA: join(data, 'data'), KENAL_CONFIG: config, KAFKA_BROKERS: brokers });
}

async function startServer(script: string, environment: Record<string, string>): Promise<Server> {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, KAFKA_BROKERS: '', KENAL_PORT: '0', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return { url: await urlOf(child), stop: () => stop(child) };
}

async function urlOf(child: ChildProcess): Promise<string> {
  let said = '';
  for await (const line of createInterface({ input: child.stderr! })) {
    const url = /"url":"([^"]+)"/.exec(line)?.[1];
    if (url !== undefined) return url;
    said += `${line}\n`;
  }
  throw new Error(`the server did not start:\n${said}`);
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function cpuSeconds(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total ([\d.e+-]+)/m.exec(text)?.[1]);
}
