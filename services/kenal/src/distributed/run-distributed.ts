import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_SMTP_PORT } from '@kenal/collector-email';
import { COLLECTORS, type Collector, type KenalConfig, SOURCE_KINDS } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { DEFAULT_PORT, DEFAULT_SQL_PORT } from '@kenal/profile-api';
import { type Cli, note } from '../cli/cli.ts';
import { removeEndpoints, writeEndpoints } from '../client/endpoints.ts';
import { takesMail } from '../up/asked-ports.ts';
import { banner } from '../up/banner.ts';
import { prepareDataDir } from '../up/data-dir.ts';
import { readUpEnvironment, type UpEnvironment } from '../up/environment.ts';
import { loadGeneratedKeys } from '../up/generated-keys.ts';
import { endpointsOf } from '../up/local-endpoints.ts';
import { onStop } from '../up/signals.ts';
import { loadLocalConfig } from '../up/workspace-config.ts';
import { type Child, keepRunning } from './child.ts';
import { type Addresses, planProcesses, shown } from './plan.ts';
import { createPortChooser } from './ports.ts';

export interface DistributedOptions {
  readonly data: string;
  readonly port?: number;
  readonly sqlPort?: number;
}

const READY_MS = 120_000;
const POLL_MS = 150;

/**
 * Run every service as a process of its own, over the Kafka and Redis that the environment names, until a signal comes.
 * A process that dies is started again. Without CLICKHOUSE_URL a `kenal chdb-server` owns the warehouse.
 * @throws KenalError `missing_prerequisite` where KAFKA_BROKERS or REDIS_URL is missing
 */
export async function runDistributed(cli: Cli, options: DistributedOptions): Promise<void> {
  const stopped = onStop(cli);
  const environment = readUpEnvironment(cli.env);
  for (const name of ['KAFKA_BROKERS', 'REDIS_URL'] as const) {
    if (environment[name] === undefined)
      throw new KenalError(
        'missing_prerequisite',
        `--distributed needs ${name}, e.g. ${name === 'REDIS_URL' ? 'redis://127.0.0.1:6379' : '127.0.0.1:9092'}; without it \`kenal up\` runs everything in one process, and \`docker compose up --wait\` brings Kafka and Redis along`,
      );
  }
  const dataDir = resolve(options.data);
  prepareDataDir(dataDir);
  const keys = loadGeneratedKeys(dataDir);
  const local = loadLocalConfig(cli.env, environment.KENAL_CONFIG, keys, true);
  const at = await chooseAddresses(environment, options, local.config);
  const specs = planProcesses(cli.env, dataDir, local, keys, at);

  await using undo = new AsyncDisposableStack();
  const events = {
    onLine: (name: string, line: string) => note(cli, `[${name}] ${line}`),
    onStart: (name: string, pid: number) => note(cli, `Kenal: ${name} is process ${pid}`),
    onCrash: (name: string, how: string, wait: number) =>
      note(cli, `! ${name} ended (${how}); started again in ${wait / 1_000} s`),
  };
  // Started from the back, stopped from the front: the stack of releases is last in, first out.
  for (const spec of specs.toReversed()) {
    const child = keepRunning(spec, events);
    undo.defer(() => child.stop());
    if (!(await isReady(child, stopped.signal))) {
      if (stopped.signal.aborted) return;
      const hopeless = child.hopeless();
      if (hopeless !== null) throw new KenalError('start_failed', `${spec.name}: ${hopeless}`);
      throw new KenalError(
        'unavailable',
        `${spec.name} did not become ready within ${READY_MS / 1_000} s; what it said is above`,
      );
    }
    note(cli, `Kenal: ${spec.name} is ready at ${spec.url}`);
  }
  const root = `http://${shown(at.host)}`;
  const endpoints = endpointsOf(
    {
      url: `${root}:${at.collectors['collector-web']}`,
      apiUrl: `${root}:${at.profileApi}`,
      services: {
        ...Object.fromEntries(Object.entries(at.collectors).map(([name, port]) => [name, `${root}:${port}`])),
        'identity-resolver': `${root}:${at.resolver}`,
        'warehouse-loader': `${root}:${at.loader}`,
        'job-runner': `${root}:${at.jobRunner}`,
      },
      sqlUrl: `${root}:${at.sql}`,
      smtpUrl: at.smtp === null ? null : `smtp://${shown(at.host)}:${at.smtp}`,
    },
    local,
  );
  writeEndpoints(dataDir, endpoints);
  undo.defer(() => removeEndpoints(dataDir));
  cli.out.write(`Kenal is ready at ${endpoints.url}\n${banner(endpoints, options.data, local.path)}`);
  await stopped.promise;
  note(cli, 'Kenal: stopping every service in order (Ctrl-C again ends it at once) …');
  await undo.disposeAsync();
  note(cli, 'Kenal has stopped.');
}

/** Collectors beside the one for the web that have a source to serve. */
function collectorsOf({ workspaces }: KenalConfig): readonly Collector[] {
  const wanted = new Set<string>();
  for (const { sources } of workspaces) for (const { kind } of sources) wanted.add(SOURCE_KINDS[kind].collector);
  return COLLECTORS.filter((name) => name !== 'collector-web' && wanted.has(name));
}

async function chooseAddresses(
  environment: UpEnvironment,
  options: DistributedOptions,
  config: KenalConfig,
): Promise<Addresses> {
  const host = environment.KENAL_HOST;
  const choose = createPortChooser();
  const collectors: Record<string, number> & { 'collector-web': number } = {
    'collector-web': await choose(host, options.port ?? environment.KENAL_PORT, DEFAULT_PORT),
  };
  const sql = await choose(host, options.sqlPort ?? environment.KENAL_SQL_PORT, DEFAULT_SQL_PORT);
  const profileApi = await choose(host, undefined, collectors['collector-web'] + 1);
  for (const name of collectorsOf(config)) collectors[name] = await choose(host, 0, 0);
  const [resolver, loader, jobRunner] = [await choose(host, 0, 0), await choose(host, 0, 0), await choose(host, 0, 0)];
  const chdb = environment.CLICKHOUSE_URL === undefined ? await choose('127.0.0.1', 0, 0) : null;
  const smtp = takesMail(config) ? await choose(host, environment.KENAL_SMTP_PORT, DEFAULT_SMTP_PORT) : null;
  return { host, collectors, profileApi, sql, smtp, resolver, loader, jobRunner, chdb };
}

async function isReady(child: Child, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + READY_MS;
  while (performance.now() < deadline && !signal.aborted && child.hopeless() === null) {
    try {
      const reply = await fetch(`${child.spec.url}${child.spec.readyPath}`, { signal: AbortSignal.timeout(5_000) });
      if (reply.ok) return true;
    } catch {
      // not yet
    }
    await sleep(POLL_MS);
  }
  return false;
}
