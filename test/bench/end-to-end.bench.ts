/**
 * The whole path, HTTP → log → identity → ClickHouse, on both sets of adapters, with its ceilings in the same run.
 *   node test/bench/end-to-end.bench.ts [embedded] [distributed]
 * KENAL_BENCH_EVENTS: events of the sustained run (60,000); KENAL_BENCH_SECONDS: length of each HTTP load (4).
 */
import { rm } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createAsk } from '../chaos/audit.ts';
import { createShop, type Shop } from '../chaos/shop.ts';
import { type Stack, startDistributed, startEmbedded } from '../chaos/stack.ts';
import { startKafka } from '../support/kafka.ts';
import { bareHttp, bareInsert, bareKafka, loadFor } from './ceilings.ts';
import { runLoad } from './load.ts';
import {
  percentiles,
  perEvent,
  plain,
  quiet,
  report,
  type ServerProcess,
  serverProcesses,
  shown,
  startMeter,
} from './measure.ts';
import { type ProbeTarget, underLoad, untilProfile, untilQueryable } from './probes.ts';
import { createRequests, type Requests } from './requests.ts';

const EVENTS = Number(process.env.KENAL_BENCH_EVENTS ?? 60_000);
const SECONDS = Number(process.env.KENAL_BENCH_SECONDS ?? 4);
const SETS = ['embedded', 'distributed'] as const;
const PROFILE_PROBES = 100;
const SQL_PROBES = 40;
const BACKGROUND = { events: 1_000, batch: 10 };
const SETTLE_SECONDS = 300;

interface Run extends ProbeTarget {
  readonly set: string;
  readonly processes: readonly ServerProcess[];
  readonly single: Requests;
  readonly batches: Requests;
  readonly ceilings: { readonly single: number; readonly batches: number };
  /** Events acknowledged so far, all of which must come out of SQL. */
  acknowledged: number;
}

async function measureSet(set: (typeof SETS)[number]): Promise<void> {
  await using undo = new AsyncDisposableStack();
  const shop = createShop();
  undo.defer(() => rm(dirname(shop.data), { recursive: true, force: true }));
  const single = createRequests({ shop, events: 20_000, batch: 1, seed: 11 });
  const batches = createRequests({ shop, events: 40_000, batch: 100, seed: 12 });
  const ceilings = { single: await bareHttp(single, 64), batches: await bareHttp(batches, 16) };
  process.stdout.write(
    `\n${set}: ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load average ${loadavg()[0]?.toFixed(1)}, ` +
      `events of ${plain(single.eventBytes)} bytes, keys of scope secret: 100,000 events/s each allowed\n` +
      `bare node:http: ${plain(ceilings.single)} requests/s of one event, ${plain(ceilings.batches)} events/s in batches\n`,
  );
  const stack = await startStack(set, shop, undo);
  const processes = serverProcesses();
  const api = processes.find(({ name }) => name === 'profile-api');
  const run: Run = {
    ...{ set, shop, single, batches, ceilings, processes, acknowledged: 0 },
    url: stack.url,
    apiUrl: api === undefined ? stack.url : `http://127.0.0.1:${api.env.get('KENAL_PORT')}`,
    ask: createAsk(stack.sqlUrl, shop),
  };
  try {
    await warm(run);
    await sustained(run);
    await latencies(run);
    await acknowledgement(run);
    await accept(run);
  } finally {
    await stack.stop();
  }
  if (set === 'embedded') await inserts(shop);
}

async function startStack(set: string, shop: Shop, undo: AsyncDisposableStack): Promise<Stack> {
  if (set === 'embedded') return startEmbedded(shop);
  const kafka = await startKafka();
  undo.defer(() => kafka.stop());
  process.env.KAFKA_BROKERS = kafka.brokers; // `startDistributed` takes it from here
  bareProducer = await bareKafka(kafka.brokers);
  report({ measure: 'bare kafkajs producer, 100 a send, 16 callers', value: bareProducer, unit: 'records/s' });
  return startDistributed(shop);
}

let bareProducer = 0;

async function warm(run: Run): Promise<void> {
  const requests = createRequests({ shop: run.shop, events: 5_000, batch: 100, seed: 1 });
  run.acknowledged += (await loadFor(3, run.url, requests, 4, 30)).events;
  await settled(run);
}

/** N events of people never seen, in batches of 100, as fast as they are taken; the clock ends when SQL counts them all. */
async function sustained(run: Run): Promise<void> {
  const requests = createRequests({ shop: run.shop, events: EVENTS, batch: 100, seed: 2 });
  let left = requests.count;
  await quiet();
  const stop = startMeter(run.processes);
  const began = performance.now();
  const sent = await runLoad({ url: run.url, connections: 8, next: () => (left-- > 0 ? requests.next() : null) });
  run.acknowledged += sent.events;
  await settled(run);
  const seconds = (performance.now() - began) / 1_000;
  const usage = stop();
  const ours = usage.kenal / sent.events;
  const detail = `${plain(sent.events)} events, accepted in ${sent.seconds.toFixed(1)} s, stored after ${seconds.toFixed(1)} s, refused ${sent.refused}, ${usage.noise}`;
  const ceiling = run.set === 'distributed' ? { ceiling: { name: 'bare kafkajs', value: bareProducer } } : {};
  report({
    ...{ measure: `${run.set}: end to end`, value: sent.events / seconds, unit: 'events/s', must: { least: 8_000 } },
    ...{ detail, ...ceiling },
  });
  report({
    ...{ measure: `${run.set}: whole cost`, value: ours, unit: 'core-µs/event', must: { most: 200 } },
    detail: perEvent(usage, sent.events),
  });
}

async function latencies(run: Run): Promise<void> {
  const requests = createRequests({ shop: run.shop, events: 30_000, batch: BACKGROUND.batch, seed: 3 });
  const pace = BACKGROUND.events / BACKGROUND.batch;
  const under = `under ${plain(BACKGROUND.events)} events/s`;
  const measure = async (what: string, count: number, probe: typeof untilProfile, most: number): Promise<void> => {
    await quiet();
    const stop = startMeter(run.processes);
    const { result, events } = await underLoad(run, requests, pace, () => probe(run, count));
    run.acknowledged += events + count;
    const found = percentiles(result);
    report({
      ...{ measure: `${run.set}: acknowledged → ${what}, p95`, value: found.p95, unit: 'ms', must: { most } },
      detail: `${shown(found)}, ${count} probes ${under}, ${stop().noise}`,
    });
  };
  await measure('profile API', PROFILE_PROBES, untilProfile, 250);
  await measure('queryable', SQL_PROBES, untilQueryable, 2_000);
}

async function acknowledgement(run: Run): Promise<void> {
  await quiet();
  const stop = startMeter(run.processes);
  const result = await loadFor(SECONDS * 2, run.url, run.single, 64, 5_000);
  run.acknowledged += result.events;
  const usage = stop();
  const found = percentiles(result.waits);
  const detail = `${plain(result.events / result.seconds)} events/s reached of 5,000, ${shown(found)}, refused ${result.refused}, ${usage.noise}`;
  const unit = 'ms';
  report({ measure: `${run.set}: acknowledgement at 5K/s, p50`, value: found.p50, unit, detail, must: { most: 4 } });
  report({ measure: `${run.set}: acknowledgement at 5K/s, p99`, value: found.p99, unit, must: { most: 25 } });
  await settled(run);
}

async function accept(run: Run): Promise<void> {
  const cases = [
    { name: 'one event a request, 64 connections', requests: run.single, connections: 64, key: 'single', least: 8_000 },
    { name: 'batches of 100, 16 connections', requests: run.batches, connections: 16, key: 'batches', least: 45_000 },
  ] as const;
  for (const { name, requests, connections, key, least } of cases) {
    await quiet();
    const stop = startMeter(run.processes);
    const result = await loadFor(SECONDS, run.url, requests, connections);
    const usage = stop();
    run.acknowledged += result.events;
    report({
      measure: `${run.set}: HTTP accept with all of Kenal at work, ${name}`,
      ...{ value: result.events / result.seconds, unit: 'events/s', must: { least } },
      ceiling: { name: 'bare node:http', value: run.ceilings[key] },
      detail: `${shown(percentiles(result.waits))}, refused ${result.refused}, core-µs an event: ${perEvent(usage, result.events)}, ${usage.noise}`,
    });
    await settled(run);
  }
}

/** Resolves when an analyst counts everything that was acknowledged. */
async function settled(run: Run): Promise<void> {
  const deadline = performance.now() + SETTLE_SECONDS * 1_000;
  for (;;) {
    const [row] = await run.ask<[number | string]>('SELECT count() FROM interactions');
    const stored = Number(row?.[0]);
    if (stored === run.acknowledged) return;
    if (performance.now() > deadline || stored > run.acknowledged)
      throw new Error(`${stored} of ${run.acknowledged} acknowledged events are stored after ${SETTLE_SECONDS} s`);
    await delay(250);
  }
}

async function inserts(shop: Shop): Promise<void> {
  const { rowBytes, plain: bare, own } = await bareInsert(shop.data);
  const width = `50,000 rows of ${plain(rowBytes)} bytes`;
  const rows = [
    ['bare insert into a table of the same columns', bare],
    ['insert into kenal.interaction_rows', own],
  ] as const;
  for (const [measure, { rate, coreMicros }] of rows) {
    const detail = `${plain(coreMicros)} core-µs a row, ${width}`;
    report({ measure: `chDB: ${measure}`, value: rate, unit: 'rows/s', detail });
  }
}

const asked = SETS.filter((set) => process.argv.includes(set));
for (const set of asked.length > 0 ? asked : SETS) await measureSet(set);
