import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FailedEvent, Interaction } from '@kenal/contracts';
import { openEventLog } from '@kenal/event-log';
import { hashKey } from '@kenal/service-kit';
import { startProcess } from '../../support/process.ts';
import { readTopic } from '../../support/read-topic.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

export const WRITE_KEY = 'conformance-key:with-a-secret';

/** The collector as a process of its own, on an embedded log that the test reads back. */
export interface Collector extends AsyncDisposable {
  readonly proxy: FaultProxy;
  /** All that landed so far, every copy. */
  interactions(): Promise<Interaction[]>;
  failed(): Promise<FailedEvent[]>;
}

const MAIN = new URL('../../../services/collector-web/src/main.ts', import.meta.url).pathname;

export async function startCollector(): Promise<Collector> {
  const data = await mkdtemp(join(tmpdir(), 'kenal-conformance-'));
  const config = join(data, 'kenal.yaml');
  await writeFile(
    config,
    `workspaces: [{id: shop, sources: [{id: web, keys: [{key: '${hashKey(WRITE_KEY)}', scope: secret}]}]}]`,
  );
  const child = startProcess('collector-web', [MAIN], {
    KENAL_DATA: data,
    KENAL_CONFIG: config,
    KENAL_PORT: '0',
    KAFKA_BROKERS: '',
  });
  const [, url = ''] = await child.seen(/"url":"([^"]+)","msg":"listening"/);
  const log = await openEventLog({ dataDir: data, clientId: 'conformance' });
  const proxy = await startFaultProxy(url);
  return {
    proxy,
    interactions: () => readTopic<Interaction>(log, 'interactions'),
    failed: () => readTopic<FailedEvent>(log, 'failed'),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await child.stop();
      await log.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}
