import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { KenalConfig } from '@kenal/contracts';
import { giveWay } from './give-way.ts';
import { createHealth, type Health, type HealthReport } from './health.ts';
import { createLogger, type Logger } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { Resources, Service } from './service.ts';

/** `workerData` of every thread that hosts a service; some take more. */
export interface ServiceThreadData {
  /** The thread opens its own embedded log and state in it. */
  readonly dataDir: string;
  readonly config: KenalConfig;
  readonly logLevel?: string;
}

/** What the thread says. */
export type ServiceThreadMessage =
  /** It takes work. */
  | 'ready'
  | 'stopped'
  /** A line of its log, as JSON. */
  | { readonly log: string }
  /** Answer to 'report': lines of `/readyz`, and metrics as Prometheus reads them. */
  | { readonly health: HealthReport; readonly metrics: string };

/** What the thread is told. */
export type ServiceThreadCommand = 'stop' | 'report';

/** What a service in a thread is built from. */
export interface ServiceThreadParts<Data extends ServiceThreadData> {
  readonly data: Data;
  readonly config: KenalConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Released in reverse once the service has stopped. */
  readonly resources: Resources;
}

/**
 * The life of a worker thread that hosts a service: start, report when asked, release everything when told to stop.
 * It gives way to the thread that answers clients: the log is the buffer between the two.
 */
export async function runServiceThread<Data extends ServiceThreadData>(
  name: string,
  build: (parts: ServiceThreadParts<Data>) => Promise<Service>,
): Promise<void> {
  if (parentPort === null) throw new Error(`${name} runs here in a worker thread only`);
  const port: MessagePort = parentPort;
  giveWay(); // before it opens anything, so that the threads of what it opens do too
  const data = workerData as Data;
  const say = (message: ServiceThreadMessage): void => port.postMessage(message);
  const destination = { write: (line: string) => say({ log: line }) };
  const logger = createLogger({ name, level: data.logLevel ?? 'info', destination });
  const resources: Resources = new AsyncDisposableStack();
  const metrics = createMetrics();
  const health = createHealth();
  const service = await build({ data, config: data.config, resources, logger, metrics, health });
  await service.start();
  resources.defer(() => service.stop());
  port.on('message', async (command: ServiceThreadCommand) => {
    if (command === 'report') return say({ health: await health.report(), metrics: (await metrics.render()).text });
    health.drain();
    await resources.disposeAsync();
    say('stopped');
    port.close();
  });
  say('ready');
}
