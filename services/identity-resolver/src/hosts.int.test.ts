import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  hashKey,
  type ServiceThreadCommand,
  type ServiceThreadData,
  type ServiceThreadMessage,
} from '@kenal/service-kit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startProcess } from '../../../test/support/process.ts';
import { type Backend, openAdapters, startEmbedded } from './testing/backends.ts';
import { drained, expectLedger, feed } from './testing/ledger.ts';
import { CONFIG, generate } from './testing/people.ts';

let backend: Backend;
beforeEach(async () => {
  backend = await startEmbedded();
});
afterEach(() => backend.stop());

test('in a worker thread it resolves beside the log of the main thread, reports, drains and ends', async () => {
  const { log, state } = await openAdapters(backend.environment);
  const all = generate(11, 200);
  await feed(log, all.slice(0, 100));
  const workerData: ServiceThreadData = {
    dataDir: backend.environment.KENAL_DATA,
    config: CONFIG,
    logLevel: 'silent',
  };
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData });
  const say = (command: ServiceThreadCommand) => worker.postMessage(command);
  const heard = async (): Promise<ServiceThreadMessage> => (await once(worker, 'message'))[0];
  expect(await heard()).toBe('ready');
  await feed(log, all.slice(100));
  await drained(log);
  say('report');
  const report = (await heard()) as Extract<ServiceThreadMessage, { readonly health: unknown }>;
  expect(report.health.ok).toBe(true);
  expect(report.metrics).toMatch(/kenal_resolver_interactions_total\{person="yes"\} [1-9]/);
  const ended = once(worker, 'exit');
  say('stop');
  expect(await heard()).toBe('stopped');
  expect((await ended)[0]).toBe(0);
  await expectLedger(log, state, all);
  await state.close();
  await log.close();
});

test('as a process of its own it takes its adapters from the environment and drains on SIGTERM', async () => {
  const { log, state } = await openAdapters(backend.environment);
  const all = generate(13, 200);
  await feed(log, all);
  const config = join(backend.environment.KENAL_DATA, 'kenal.yaml');
  const keysOf = (workspace: string, source: string) => [{ key: hashKey(`${workspace} ${source}`) }];
  const workspaces = CONFIG.workspaces.map((one) => ({
    ...one,
    sources: one.sources.map((source) => ({ ...source, keys: keysOf(one.id, source.id) })),
  }));
  await writeFile(config, JSON.stringify({ workspaces })); // JSON is YAML
  const main = startProcess('identity-resolver', [new URL('main.ts', import.meta.url).pathname], {
    KENAL_DATA: backend.environment.KENAL_DATA,
    KENAL_CONFIG: config,
  });
  const [, url] = await main.seen(/"url":"([^"]+)".*listening/);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  await drained(log);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('kenal_resolver_round_seconds');
  expect(await main.stop()).toBe(0);
  await expectLedger(log, state, all);
  await state.close();
  await log.close();
});
