import { parentPort, workerData } from 'node:worker_threads';
import type { KenalConfig } from '@kenal/contracts';
import { openEventLog } from '@kenal/event-log';
import { createHealth, createLogger, createMetrics, loadKenalConfig, systemClock } from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { createIdentityResolver } from './app.ts';

/** `workerData` of a thread that hosts the resolver. Exactly one of the two configurations is given. */
export interface ResolverWorkerData {
  /** Data directory; the thread opens its own embedded log and state in it. */
  readonly dataDir: string;
  readonly config?: KenalConfig;
  readonly configPath?: string;
  readonly logLevel?: string;
}

/** What the thread says. */
export type ResolverWorkerMessage =
  | 'ready'
  | 'stopped'
  /** Answer to 'report': lines of `/readyz`, and metrics as Prometheus reads them. */
  | { readonly health: Awaited<ReturnType<ReturnType<typeof createHealth>['report']>>; readonly metrics: string };

/** What the thread is told. */
export type ResolverWorkerCommand = 'stop' | 'report';

const port = parentPort;
if (port === null) throw new Error('worker.ts runs in a worker thread only');
const { dataDir, config: given, configPath, logLevel = 'info' } = workerData as ResolverWorkerData;
const config = given ?? loadKenalConfig({ path: configPath, environment: process.env })?.config;
if (config === undefined) throw new Error('the resolver thread was given no configuration');
const say = (message: ResolverWorkerMessage): void => port.postMessage(message);

const resources = new AsyncDisposableStack();
const logger = createLogger({ name: 'identity-resolver', level: logLevel });
const metrics = createMetrics();
const health = createHealth();
const log = await openEventLog({ dataDir, clientId: 'kenal-identity-resolver', logger });
resources.defer(() => log.close());
const state = await openState({ dataDir, logger });
resources.defer(() => state.close());
const resolver = createIdentityResolver({ log, state, config, clock: systemClock, metrics, health, logger });
await resolver.start();
resources.defer(() => resolver.stop());

port.on('message', async (command: ResolverWorkerCommand) => {
  if (command === 'report') return say({ health: await health.report(), metrics: (await metrics.render()).text });
  health.drain();
  await resources.disposeAsync();
  say('stopped');
  port.close();
});
say('ready');
