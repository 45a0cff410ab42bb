import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { KenalConfig } from '@kenal/contracts';
import type { Logger } from '@kenal/service-kit';

/** The identity resolver in a thread of its own, so that deciding who is who never holds up an answer to a client. */
export interface ResolverThread {
  /** @returns null where it is well, else what is wrong */
  health(): Promise<string | null>;
  /** Its metrics as Prometheus reads them; '' where it does not answer. */
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

export interface ResolverThreadOptions {
  readonly dataDir: string;
  readonly config: KenalConfig;
  readonly logger: Logger;
  /** Program of the thread; default the identity resolver. */
  readonly program?: URL;
  /** How long the thread may take to stop before it is ended; default 20 s. */
  readonly stopMs?: number;
}

interface Report {
  readonly health: {
    readonly ok: boolean;
    readonly lines: readonly { readonly ok: boolean; readonly name: string; readonly detail: string }[];
  };
  readonly metrics: string;
}

const REPORT_MS = 2_500;
const STOP_MS = 20_000;
const LONGEST_BACKOFF_MS = 30_000;
/** A thread that ran this long was well: the next failure is a new one. */
const HEALTHY_MS = 60_000;

/** Resolves when the thread takes work. A thread that dies later is started again, after 1 s, 2 s, 4 s … */
export async function startResolverThread(options: ResolverThreadOptions): Promise<ResolverThread> {
  const { logger, stopMs = STOP_MS } = options;
  let fault: string | null = null;
  let stopping = false;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let healthy: NodeJS.Timeout | undefined;
  /** Null from its 'exit' on: nothing more is to be heard of it. */
  let alive: Worker | null = null;

  const launch = async (): Promise<void> => {
    const thread = open(options);
    alive = thread;
    thread.once('exit', () => (alive = null));
    await ready(thread);
    fault = null;
    healthy = setTimeout(() => (failures = 0), HEALTHY_MS).unref();
    thread.on('error', (error) => logger.error({ err: error }, 'the resolver thread failed'));
    thread.once('exit', () => {
      clearTimeout(healthy);
      fault = 'the resolver thread ended and is being started again';
      launchLater();
    });
  };
  const launchLater = (): void => {
    if (stopping) return;
    const wait = Math.min(LONGEST_BACKOFF_MS, 1_000 * 2 ** failures++);
    retry = setTimeout(() => {
      launch().catch((error: unknown) => {
        logger.error({ err: error }, 'the resolver thread could not be started again');
        launchLater();
      });
    }, wait);
  };
  await launch();

  return {
    health: async () => {
      if (fault !== null || alive === null) return fault ?? 'the resolver thread has ended';
      const report = await ask(alive);
      if (report === null) return 'the resolver thread does not answer';
      const bad = report.health.lines.filter((line) => !line.ok);
      return bad.length === 0 ? null : bad.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
    },
    metrics: async () => (fault === null && alive !== null ? ((await ask(alive))?.metrics ?? '') : ''),
    stop: async () => {
      stopping = true;
      clearTimeout(retry);
      clearTimeout(healthy);
      if (alive !== null) await stopThread(alive, stopMs);
    },
  };
}

function open({ dataDir, config, program }: ResolverThreadOptions): Worker {
  const workerData = { dataDir, config, logLevel: 'warn' };
  return new Worker(program ?? new URL(import.meta.resolve('@kenal/identity-resolver/worker')), { workerData });
}

/** Resolves when the thread says that it takes work, rejects where it ends before. */
function ready(thread: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = (code: number): void =>
      reject(new Error(`the resolver thread ended with ${code} before it was ready`));
    thread.once('error', reject);
    thread.once('exit', ended);
    thread.on('message', function said(message: unknown) {
      if (message !== 'ready') return;
      thread.off('message', said);
      thread.off('error', reject);
      thread.off('exit', ended);
      resolve();
    });
  });
}

function ask(thread: Worker): Promise<Report | null> {
  return new Promise((resolve) => {
    const done = (report: Report | null): void => {
      clearTimeout(timer);
      thread.off('message', take);
      thread.off('exit', gone);
      resolve(report);
    };
    const take = (message: unknown): void => {
      if (typeof message === 'object' && message !== null && 'health' in message) done(message as Report);
    };
    const gone = (): void => done(null);
    const timer = setTimeout(gone, REPORT_MS);
    thread.on('message', take);
    thread.once('exit', gone);
    thread.postMessage('report');
  });
}

/** @param thread one whose 'exit' is still to come @param stopMs after which it is ended, whatever it does */
async function stopThread(thread: Worker, stopMs: number): Promise<void> {
  const exit = new Promise<true>((resolve) => thread.once('exit', () => resolve(true)));
  const patience = new AbortController();
  thread.postMessage('stop');
  const late = sleep(stopMs, false, { signal: patience.signal }).catch(() => false);
  if (!(await Promise.race([exit, late]))) await thread.terminate();
  patience.abort();
}
