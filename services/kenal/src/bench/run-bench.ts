import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { AnswerError, call } from '../client/call.ts';
import type { Instance } from '../client/instance.ts';
import { waitUntilStored } from '../client/settled.ts';
import { sqlRows } from '../client/sql.ts';

export interface BenchOptions {
  readonly instance: Instance;
  readonly key: string;
  /** How long each load is kept up. */
  readonly seconds: number;
  readonly connections: number;
  readonly onStep: (step: string) => void;
}

/** Milliseconds; null where nothing was measured. */
export interface Figure {
  readonly name: string;
  /** Events a second; null where it is a time only. */
  readonly perSecond: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

const BATCH = 100;
const PROBES = 20;
const SETTLE_MS = 60_000;
const PROBE_MS = 30_000;
/** Fills an event to about 650 bytes, the size that reliability.md speaks of. */
const FILLER = 'x'.repeat(330);

/** Load and look. Every event has an id and a person of its own, so nothing is told apart by luck. */
export async function runBench(options: BenchOptions): Promise<readonly Figure[]> {
  const { instance, key, onStep } = options;
  onStep('one event a request');
  const single = await load(options, 'one event a request', '/v1/track', 1, () => JSON.stringify(bench()));
  onStep(`batches of ${BATCH}`);
  const batches = await load(options, `batches of ${BATCH}`, '/v1/batch', BATCH, () =>
    JSON.stringify({ batch: Array.from({ length: BATCH }, bench) }),
  );
  onStep('waiting until they are resolved and stored');
  await waitUntilStored(instance, undefined, SETTLE_MS);
  onStep('acknowledged → profile');
  const profile = await latency('acknowledged → profile', instance, key, (id) => hasProfile(instance, id));
  onStep('acknowledged → SQL');
  const stored = await latency('acknowledged → SQL', instance, key, (id) => isStored(instance, id));
  return [single, batches, profile, stored];
}

function bench() {
  const id = randomUUID();
  return {
    type: 'track',
    event: 'Bench',
    messageId: `bench-${id}`,
    userId: `bench-${id}`,
    timestamp: new Date().toISOString(),
    properties: { filler: FILLER },
  };
}

async function load(
  options: BenchOptions,
  name: string,
  path: string,
  each: number,
  body: () => string,
): Promise<Figure> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections });
  const url = new URL(`${options.instance.url}${path}`);
  const times: number[] = [];
  const began = performance.now();
  const end = began + options.seconds * 1_000;
  const lane = async (): Promise<void> => {
    while (performance.now() < end) {
      const text = body();
      const start = performance.now();
      await post(agent, url, options.key, text);
      times.push(performance.now() - start);
    }
  };
  try {
    await Promise.all(Array.from({ length: options.connections }, lane));
  } finally {
    agent.destroy();
  }
  const seconds = (performance.now() - began) / 1_000;
  return { name, perSecond: (times.length * each) / seconds, ...percentiles(times) };
}

// node:http, since fetch would cost more than the server that is measured
function post(agent: Agent, url: URL, key: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { agent, method: 'POST', headers, auth: `${key}:` }, (reply) => {
      reply.resume();
      reply.once('end', () =>
        reply.statusCode === 200
          ? resolve()
          : reject(
              new AnswerError(
                `the server answered ${reply.statusCode}`,
                `http_${reply.statusCode}`,
                reply.statusCode ?? 0,
              ),
            ),
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

async function latency(
  name: string,
  instance: Instance,
  key: string,
  seen: (id: string) => Promise<boolean>,
): Promise<Figure> {
  const times: number[] = [];
  for (let probe = 0; probe < PROBES; probe++) {
    const event = bench();
    await call(`${instance.url}/v1/track`, {
      key,
      body: JSON.stringify(event),
      headers: { 'content-type': 'application/json' },
    });
    const start = performance.now();
    while (performance.now() - start < PROBE_MS) {
      if (await seen(event.messageId)) {
        times.push(performance.now() - start);
        break;
      }
      await sleep(5);
    }
  }
  return { name, perSecond: null, ...percentiles(times) };
}

async function hasProfile(instance: Instance, id: string): Promise<boolean> {
  try {
    await call(`${instance.apiUrl}/v1/profiles/user_id%3A${id}`, { key: instance.readKey() });
    return true;
  } catch (error) {
    if (error instanceof AnswerError && error.status === 404) return false;
    throw error;
  }
}

async function isStored(instance: Instance, id: string): Promise<boolean> {
  const rows = await sqlRows(instance, 'SELECT 1 FROM interactions WHERE message_id = {id:String} LIMIT 1', { id });
  return rows.length > 0;
}

function percentiles(times: readonly number[]): Pick<Figure, 'p50' | 'p95' | 'p99'> {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number | null =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? null;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
