import { smtpOptionsOf } from '@kenal/collector-email';
import { MART_NAMES } from '@kenal/contracts';
import { DEFAULT_PORT, DEFAULT_SQL_PORT } from '@kenal/profile-api';
import { createLogger, type Logger } from '@kenal/service-kit';
import { type Cli, note } from '../cli/cli.ts';
import { count } from '../cli/progress.ts';
import { removeEndpoints, writeEndpoints } from '../client/endpoints.ts';
import { askForRefresh, followRefresh } from '../client/marts.ts';
import { demoIsLoaded, loadDemo, streamDemo } from '../demo/demo.ts';
import { banner } from './banner.ts';
import { prepareDataDir } from './data-dir.ts';
import { readUpEnvironment, type UpEnvironment } from './environment.ts';
import { loadGeneratedKeys } from './generated-keys.ts';
import { endpointsOf } from './local-endpoints.ts';
import { openLogFile } from './log-file.ts';
import { onStop } from './signals.ts';
import { type Port, type Stack, startStack } from './stack.ts';
import { type LocalConfig, loadLocalConfig } from './workspace-config.ts';

export interface UpOptions {
  /** Data directory, where the command line names one. */
  readonly data?: string;
  readonly port?: number;
  readonly sqlPort?: number;
  readonly demo?: boolean;
}

/** The page and the questions should find the demo's people; longer than this nobody waits for them. */
const DEMO_SETTLE_MS = 30_000;

/** Run everything in this process until a signal comes. Resolves when all has stopped in good order. */
export async function runUp(cli: Cli, options: UpOptions): Promise<void> {
  const stopped = onStop(cli);
  const environment = readUpEnvironment(cli.env);
  const dataDir = options.data ?? environment.KENAL_DATA;
  prepareDataDir(dataDir);
  const keys = loadGeneratedKeys(dataDir);
  const local = loadLocalConfig(cli.env, environment.KENAL_CONFIG, keys, true);
  await using undo = new AsyncDisposableStack();
  const file = undo.adopt(
    openLogFile(dataDir, (sentence) => note(cli, `! ${sentence}`)),
    (open) => open.close(),
  );
  const logger = createLogger({ name: 'kenal', level: environment.KENAL_LOG, destination: file });
  const stack = await startStack({
    dataDir,
    host: environment.KENAL_HOST,
    port: portOf(options.port ?? environment.KENAL_PORT, DEFAULT_PORT),
    sqlPort: portOf(options.sqlPort ?? environment.KENAL_SQL_PORT, DEFAULT_SQL_PORT),
    config: local.config,
    logger,
    publicUrl: environment.KENAL_PUBLIC_URL,
    linkSecret: environment.KENAL_LINK_SECRET,
    smtp: smtpOptionsOf(environment),
    environment: cli.env,
    exportDir: environment.KENAL_EXPORT_DIR,
    stewardKeys: Object.values(local.access).map(({ stewardKey }) => stewardKey),
    development: local.path === null ? Object.values(local.access)[0] : undefined,
    onStep: (step) => note(cli, `Kenal: ${step} …`),
  });
  undo.defer(() => stack.stop());
  removeEndpoints(dataDir); // of a process that was killed: until everything answers there are none
  const streaming = await prepareDemo(cli, options, environment, { stack, local, dataDir, logger }, stopped.signal);
  undo.defer(streaming);
  if (stopped.signal.aborted) return;

  const endpoints = endpointsOf(stack, local);
  writeEndpoints(dataDir, endpoints);
  undo.defer(() => removeEndpoints(dataDir));
  logger.info({ url: stack.url, sqlUrl: stack.sqlUrl, dataDir }, 'ready');
  cli.out.write(`Kenal is ready at ${stack.url}\n${banner(endpoints, dataDir, local.path)}`);
  await stopped.promise;
  note(cli, 'Kenal: stopping; what is in hand is finished first (Ctrl-C again ends it at once) …');
  await undo.disposeAsync();
  note(cli, 'Kenal has stopped.');
}

function portOf(asked: number | undefined, standard: number): Port {
  return asked === undefined ? { number: standard, onTaken: 'next' } : { number: asked, onTaken: 'fail' };
}

interface Running {
  readonly stack: Stack;
  readonly local: LocalConfig;
  readonly dataDir: string;
  readonly logger: Logger;
}

/** Load the demo where it is wanted, and begin its stream. @returns what ends the stream */
async function prepareDemo(
  cli: Cli,
  options: UpOptions,
  environment: UpEnvironment,
  { stack, local, dataDir, logger }: Running,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  // Somebody with a configuration of their own has customers of their own.
  const wanted = options.demo ?? (environment.KENAL_DEMO ?? (local.path === null ? 'on' : 'off')) === 'on';
  const [access] = Object.values(local.access);
  if (!wanted || access === undefined) return async () => undefined;
  const demo = { url: stack.url, keys: access.sources, dataDir, logger, now: () => Date.now() };
  const began = performance.now();
  if (!demoIsLoaded(dataDir)) note(cli, 'Kenal: loading the demo, a shop with 300 customers …');
  const sent = await loadDemo({ ...demo, onProgress: progressLine(cli) });
  if (sent > 0 && !signal.aborted) {
    await stack.settled(DEMO_SETTLE_MS);
    note(
      cli,
      `Kenal: ${count(sent)} interactions of the demo in ${((performance.now() - began) / 1_000).toFixed(1)} s`,
    );
  }
  const ending = new AbortController();
  const ended = AbortSignal.any([ending.signal, signal]);
  const busy = [streamDemo(demo, ended)];
  if (sent > 0) busy.push(refreshMarts({ apiUrl: stack.url, stewardKey: () => access.stewardKey }, logger, ended));
  return async () => {
    ending.abort();
    await Promise.all(busy);
  };
}

type Steward = Parameters<typeof askForRefresh>[0];

/**
 * Nobody who looks at the demo waits for Sunday, when models are learned by the clock. One mart after the other: what
 * others are computed from comes first.
 */
async function refreshMarts(steward: Steward, logger: Logger, signal: AbortSignal): Promise<void> {
  try {
    for (const mart of MART_NAMES) await followRefresh(steward, await askForRefresh(steward, mart, false), { signal });
  } catch (error) {
    if (!signal.aborted)
      logger.warn({ err: error }, 'marts of the demo were not refreshed; `kenal mart refresh` does it');
  }
}

function progressLine(cli: Cli): (sent: number, total: number) => void {
  if (cli.err.isTTY !== true) return () => undefined;
  return (sent, total) =>
    cli.err.write(`\r  ${count(sent)} of ${count(total)} interactions${sent >= total ? '\n' : ''}`);
}
