import { join } from 'node:path';
import { createCollectorChat } from '@kenal/collector-chat';
import { createCollectorCommerce } from '@kenal/collector-commerce';
import { type CollectorEmailDeps, createCollectorEmail } from '@kenal/collector-email';
import { createBlobFolder } from '@kenal/collector-kit';
import { createCollectorPhone } from '@kenal/collector-phone';
import { createCollectorWeb } from '@kenal/collector-web';
import type { KenalConfig } from '@kenal/contracts';
import { createSettle, openEventLog, topicSpecs } from '@kenal/event-log';
import type { ResolverThreadData } from '@kenal/identity-resolver/worker';
import type { JobRunnerThreadData } from '@kenal/job-runner/worker';
import { openJobQueue } from '@kenal/jobs';
import { createProfileApi, type DevelopmentKeys } from '@kenal/profile-api';
import {
  createHealth,
  createHttpHost,
  createMetrics,
  exportBase,
  type Logger,
  letGiveWay,
  systemClock,
} from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { openEmbeddedWarehouse } from '@kenal/warehouse';
import type { LoaderThreadData } from '@kenal/warehouse-loader/worker';
import { VERSION } from '../version.ts';
import { refuseTakenPorts } from './asked-ports.ts';
import { withThreadMetrics } from './metrics-of-threads.ts';
import { type ServiceThread, startServiceThread } from './service-thread.ts';

export interface Port {
  /** 0 takes a free one. */
  readonly number: number;
  /** Where it is taken: the next free one (a default), or an error (it was asked for). */
  readonly onTaken: 'next' | 'fail';
}

export interface StackOptions {
  readonly dataDir: string;
  readonly host: string;
  readonly port: Port;
  readonly sqlPort: Port;
  readonly config: KenalConfig;
  readonly logger: Logger;
  readonly publicUrl?: string | undefined;
  readonly linkSecret?: string | undefined;
  /** Where mail is taken, if a source is of kind smtp. */
  readonly smtp?: CollectorEmailDeps['smtp'];
  /** Where secrets of vendors are read (`env:NAME` in kenal.yaml). */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder below which exports are written; default: `exports` in the data directory. */
  readonly exportDir?: string | undefined;
  /** A steward key of each workspace, with which the job runner hands decisions in. */
  readonly stewardKeys: readonly string[];
  /** Keys that the page shows to a person at this machine. */
  readonly development?: DevelopmentKeys | undefined;
  /** Told of each step, so that a person sees what takes time. */
  readonly onStep?: (step: string) => void;
}

/** All of Kenal in this process, on embedded adapters. */
export interface Stack extends AsyncDisposable {
  /** Root of the tracking API, the profile API and the page. */
  readonly url: string;
  /** Root of the SQL port. */
  readonly sqlUrl: string;
  /** Where mail is taken; null where no source is of kind smtp. */
  readonly smtpUrl: string | null;
  /** Everything that stood in the log when this was called is resolved and stored. @returns false where it took longer */
  settled(timeoutMs: number): Promise<boolean>;
  /** Stop taking work, finish what is in hand, let go of everything. */
  stop(): Promise<void>;
}

/**
 * Start every service over one data directory. Resolves when all of them answer.
 * HTTP lives on this thread; resolver and loader each have one of their own, and it and the engine give way to this one:
 * what clients send is acknowledged in milliseconds whatever else is to do, and waits in the log for its turn.
 * @throws KenalError `data_in_use`, `port_taken`, `missing_prerequisite`
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  await using undo = new AsyncDisposableStack();
  const { onStep = () => undefined } = options;
  onStep('opening the data');
  const stores = await openStores(options, undo);
  onStep('starting the services');
  const { url, sqlUrl, smtpUrl } = await startServices(options, stores, undo);
  const held = undo.move();
  const stop = (): Promise<void> => held.disposeAsync();
  return {
    url,
    sqlUrl,
    smtpUrl,
    settled: createSettle(stores.log),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Every thread that is not of Node itself: the engine names its own, and gives them new names with new work. */
const ENGINE_THREADS = /^(?!MainThread|node|V8Worker|libuv-worker|WorkerThread|DelayedTaskSche|SignalInspector)/;
const ENGINE_LOOK_MS = 5_000;

type Stores = Awaited<ReturnType<typeof openStores>>;

async function openStores(options: StackOptions, undo: AsyncDisposableStack) {
  const { dataDir, config, logger } = options;
  // First, since it alone lets only one process into the directory.
  const warehouse = await openEmbeddedWarehouse(dataDir);
  undo.defer(() => warehouse.close());
  await refuseTakenPorts(options);
  await warehouse.migrate();
  letGiveWay(ENGINE_THREADS);
  const looking = setInterval(() => letGiveWay(ENGINE_THREADS), ENGINE_LOOK_MS); // it starts more when it needs them
  undo.defer(() => clearInterval(looking));
  const log = await openEventLog({ dataDir, clientId: 'kenal', logger });
  undo.defer(() => log.close());
  await log.ensureTopics(topicSpecs(...config.workspaces.map(({ retentionDays }) => retentionDays)));
  const state = await openState({ dataDir, logger });
  undo.defer(() => state.close());
  const queue = await openJobQueue({ dataDir, logger });
  undo.defer(() => queue.close());
  return { warehouse, log, state, queue };
}

// What is deferred last is done first at the end: say so, end intake, close the ports, then resolver and loader.
async function startServices(options: StackOptions, stores: Stores, undo: AsyncDisposableStack) {
  const { dataDir, config, logger, host, port, sqlPort } = options;
  const { warehouse, log, state, queue } = stores;
  const health = createHealth();
  const own = createMetrics();
  const threads = await startThreads(options, stores, undo);
  for (const [name, thread] of threads) health.add(name, () => thread.health());
  const metrics = withThreadMetrics(own, () => Promise.all(Array.from(threads.values(), (one) => one.metrics())));

  const shared = { log, config, clock: systemClock, logger, metrics, health };
  const { publicUrl, linkSecret, smtp, environment, development } = options;
  const arrival = { ...shared, blobs: createBlobFolder(join(dataDir, 'blobs')), publicUrl, environment };
  const email = createCollectorEmail({ ...arrival, ...(smtp === undefined ? {} : { smtp }) });
  const collectors = [
    createCollectorWeb({ ...arrival, linkSecret }),
    email,
    ...[createCollectorPhone, createCollectorChat, createCollectorCommerce].map((create) => create(arrival)),
  ];
  const exports = exportBase(options.exportDir, dataDir);
  const profiles = createProfileApi({
    ...shared,
    state,
    queue,
    warehouse,
    publicUrl,
    development,
    exportBase: exports,
  });
  const sql = profiles.sqlHost({ host, port: sqlPort.number, onTaken: sqlPort.onTaken });
  const http = createHttpHost({ ...shared, version: VERSION, host, port: port.number, onTaken: port.onTaken });
  for (const collector of collectors) await collector.routes?.(http.app);
  await profiles.routes(http.app);
  undo.defer(() => http.close());
  for (const service of [sql, profiles, ...collectors]) {
    await service.start();
    undo.defer(() => service.stop());
  }
  const url = await http.listen();
  const runner = await startJobRunner(options, stores, url, undo);
  threads.set('job-runner', runner);
  health.add('job-runner', () => runner.health());
  undo.defer(() => health.drain());
  return { url, sqlUrl: sql.url, smtpUrl: email.smtpUrl };
}

/** Last, for it hands decisions in at the address where the others answer; and it ends first. */
async function startJobRunner(
  { dataDir, config, logger, stewardKeys, environment, exportDir }: StackOptions,
  { warehouse }: Stores,
  url: string,
  undo: AsyncDisposableStack,
): Promise<ServiceThread> {
  const door = { url: loopbackOf(url), keys: stewardKeys };
  const data = () => {
    const port = warehouse.share();
    const exports = { base: exportBase(exportDir, dataDir), environment: forExports(environment) };
    const workerData: JobRunnerThreadData = { dataDir, config, logLevel: logger.level, door, exports, warehouse: port };
    return { workerData, transferList: [port] };
  };
  const program = new URL(import.meta.resolve('@kenal/job-runner/worker'));
  const thread = await startServiceThread({ name: 'job-runner', program, data, logger });
  undo.defer(() => thread.stop());
  return thread;
}

/** What buckets may be shown. */
function forExports(environment: StackOptions['environment']): StackOptions['environment'] {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => /^(?:AWS|KENAL_EXPORT)_/.test(name)));
}

/** Where this machine reaches what listens on all of its addresses. */
function loopbackOf(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

async function startThreads(options: StackOptions, { warehouse }: Stores, undo: AsyncDisposableStack) {
  const { dataDir, config, logger } = options;
  const workerData = { dataDir, config, logLevel: logger.level };
  const withWarehouse = () => {
    const port = warehouse.share();
    return {
      workerData: { ...workerData, warehouse: port } satisfies LoaderThreadData & ResolverThreadData,
      transferList: [port],
    };
  };
  const threads = new Map<string, ServiceThread>();
  for (const [name, program, data] of [
    ['warehouse-loader', import.meta.resolve('@kenal/warehouse-loader/worker'), withWarehouse],
    ['identity-resolver', import.meta.resolve('@kenal/identity-resolver/worker'), withWarehouse],
  ] as const) {
    const thread = await startServiceThread({ name, program: new URL(program), data, logger });
    undo.defer(() => thread.stop());
    threads.set(name, thread);
  }
  return threads;
}
