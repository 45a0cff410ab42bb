import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBlobFolder, type Limits } from '@kenal/collector-kit';
import {
  type Clock,
  type EventLog,
  type FailedEvent,
  type Interaction,
  kenalConfigSchema,
  type Micros,
  type ReceiptCount,
} from '@kenal/contracts';
import { openEventLog, topicSpecs } from '@kenal/event-log';
import { createHealth, createHttpHost, createLogger, createMetrics, hashKey } from '@kenal/service-kit';
import type { Loose } from '../../../test/support/loose.ts';
import { readTopic } from '../../../test/support/read-topic.ts';
import { createCollectorWeb } from './app.ts';

/** Noon, 22 November 2026: the time in tests until one says otherwise. */
const NOON: Micros = Date.UTC(2026, 10, 22, 12) * 1_000;
export const WEB_KEY = 'web-key-0123456789';
export const SECRET_KEY = 'id-of-key:secret-of-key';
export const STEWARD_KEY = 'steward-key-0123456789';
export const OFF_KEY = 'off-key-0123456789';
export const LINK_SECRET = 'a secret for links only';

const config = kenalConfigSchema.parse({
  workspaces: [
    {
      id: 'shop',
      currency: 'GBP',
      sources: [
        { id: 'web', name: 'Web shop', keys: [{ key: hashKey(WEB_KEY), scope: 'public' }] },
        { id: 'server', channel: 'commerce', keys: [{ key: hashKey(SECRET_KEY) }], eventsPerSecond: 2_500 },
        { id: 'off', enabled: false, keys: [{ key: hashKey(OFF_KEY) }] },
      ],
      identity: { types: ['crm_id'] },
      stewardKeys: [hashKey(STEWARD_KEY)],
    },
  ],
});

export interface TestCollector extends AsyncDisposable {
  readonly url: string;
  readonly log: EventLog;
  readonly now: { micros: Micros };
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  interactions(): Promise<Interaction[]>;
  failed(): Promise<FailedEvent[]>;
  receipts(): Promise<ReceiptCount[]>;
  metrics(): Promise<string>;
  /** End the service, as a signal does; the log stays open. */
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Loose;
}

export interface TestOptions {
  readonly limits?: Limits;
  readonly bytesInFlight?: number;
  readonly drainTimeoutMs?: number;
  /** Told of each request that is let in, before its body is read. */
  readonly onEntered?: () => void;
  readonly linkSecret?: string;
  /** Stands before the log, to make it fail. */
  readonly wrapLog?: (log: EventLog) => EventLog;
}

/** A collector on an embedded log in a folder of its own, on a free port, with a clock that stands still. */
export async function startCollector(options: TestOptions = {}): Promise<TestCollector> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-collector-'));
  const log = await openEventLog({ dataDir, clientId: 'test' });
  await log.ensureTopics(topicSpecs(30));
  const logger = createLogger({ name: 'collector-web', level: 'silent' });
  const metrics = createMetrics();
  const health = createHealth();
  const now = { micros: NOON };
  const clock: Clock = () => now.micros;
  const service = createCollectorWeb({
    log: options.wrapLog?.(log) ?? log,
    config,
    clock,
    logger,
    metrics,
    health,
    blobs: createBlobFolder(join(dataDir, 'blobs')),
    limits: options.limits,
    bytesInFlight: options.bytesInFlight,
    drainTimeoutMs: options.drainTimeoutMs,
    linkSecret: options.linkSecret,
  });
  const host = createHttpHost({ logger, health, metrics, version: '0', host: '127.0.0.1', port: 0 });
  host.app.addHook('preParsing', (_request, _reply, payload, done) => {
    options.onEntered?.();
    done(null, payload);
  });
  await service.routes?.(host.app);
  await service.start();
  const url = await host.listen();
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= service.stop());
  return {
    url,
    log,
    now,
    post: (path, body, headers = {}) => post(url + path, body, headers),
    interactions: () => readTopic<Interaction>(log, 'interactions'),
    failed: () => readTopic<FailedEvent>(log, 'failed'),
    receipts: () => readTopic<ReceiptCount>(log, 'receipts'),
    metrics: async () => (await metrics.render()).text,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await host.close();
      await log.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function post(url: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method: 'POST',
    body: raw as string,
    headers: { 'x-write-key': WEB_KEY, ...headers },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text === '' ? null : JSON.parse(text) };
}
