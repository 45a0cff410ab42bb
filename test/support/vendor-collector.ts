import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBlobFolder, type VendorCollectorDeps } from '@kenal/collector-kit';
import {
  type EventLog,
  type FailedEvent,
  type Interaction,
  kenalConfigSchema,
  type Micros,
  type SourceConfig,
} from '@kenal/contracts';
import { openEventLog, topicSpecs } from '@kenal/event-log';
import { createHealth, createHttpHost, createLogger, createMetrics, hashKey, type Service } from '@kenal/service-kit';
import type { z } from 'zod';
import type { Loose } from './loose.ts';
import { readTopic } from './read-topic.ts';

/** Noon, 30 November 2026: the time in tests until one says otherwise. */
export const NOON: Micros = Date.UTC(2026, 10, 30, 12) * 1_000;
export const STEWARD_KEY = 'steward-key-0123456789';
export const READ_KEY = 'read-key-0123456789';

export interface VendorCollectorOptions {
  /** `sources` of workspace `shop` (GBP, GB, Europe/London), as kenal.yaml has them. */
  readonly sources: readonly Partial<z.input<typeof kenalConfigSchema>['workspaces'][number]['sources'][number]>[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly publicUrl?: string;
  readonly certificates?: VendorCollectorDeps['certificates'];
  /** Stands before the log, to make it fail. */
  readonly wrapLog?: (log: EventLog) => EventLog;
}

export interface TestVendorCollector extends AsyncDisposable {
  readonly url: string;
  readonly now: { micros: Micros };
  /** POST to `/v1/hooks/<kind>/shop/<source>`. */
  deliver(
    source: string,
    body: string | Uint8Array,
    headers?: Record<string, string>,
    more?: string,
  ): Promise<Response>;
  interactions(): Promise<Interaction[]>;
  failed(): Promise<FailedEvent[]>;
  deliveries(source: string): Promise<Loose[]>;
  metrics(): Promise<string>;
}

/** A collector on an embedded log in a folder of its own, on a free port, with a clock that stands still. */
export async function startVendorCollector(
  create: (deps: Omit<VendorCollectorDeps, 'name' | 'vendors'>) => Service,
  options: VendorCollectorOptions,
): Promise<TestVendorCollector> {
  const { environment = {}, publicUrl, certificates, wrapLog = (log: EventLog) => log } = options;
  const config = kenalConfigSchema.parse({
    workspaces: [
      {
        ...{ id: 'shop', currency: 'GBP', region: 'GB', timezone: 'Europe/London', sources: options.sources },
        readKeys: [hashKey(READ_KEY)],
        stewardKeys: [hashKey(STEWARD_KEY)],
      },
    ],
  });
  const sources = config.workspaces[0]?.sources ?? [];
  const kindOf = (source: string): SourceConfig['kind'] | undefined => sources.find(({ id }) => id === source)?.kind;
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-collector-'));
  const log = await openEventLog({ dataDir, clientId: 'test' });
  await log.ensureTopics(topicSpecs(30));
  const logger = createLogger({ name: 'collector', level: 'silent' });
  const [metrics, health] = [createMetrics(), createHealth()];
  const now = { micros: NOON };
  const service = create({
    ...{
      log: wrapLog(log),
      config,
      clock: () => now.micros,
      logger,
      metrics,
      health,
      environment,
      publicUrl,
      certificates,
    },
    blobs: createBlobFolder(join(dataDir, 'blobs')),
  });
  const host = createHttpHost({ logger, health, metrics, version: '0', host: '127.0.0.1', port: 0 });
  await service.routes?.(host.app);
  await service.start();
  const url = await host.listen();
  const hook = (source: string): string => `${url}/v1/hooks/${kindOf(source)}/shop/${source}`;
  return {
    url,
    now,
    deliver: (source, body, headers = {}, more = '') =>
      fetch(hook(source) + more, { method: 'POST', body: body as string, headers }),
    interactions: () => readTopic<Interaction>(log, 'interactions'),
    failed: () => readTopic<FailedEvent>(log, 'failed'),
    async deliveries(source) {
      const response = await fetch(`${hook(source)}/deliveries`, { headers: { authorization: `Bearer ${READ_KEY}` } });
      return ((await response.json()) as { deliveries: [] }).deliveries;
    },
    metrics: async () => (await metrics.render()).text,
    async [Symbol.asyncDispose]() {
      await service.stop();
      await host.close();
      await log.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
