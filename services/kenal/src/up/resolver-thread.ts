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

/** Resolves when the thread takes work. A thread that dies later is started again, after 1 s, 2 s, 4 s … */
export async function startResolverThread(options: ResolverThreadOptions): Promise<ResolverThread> {
  const { logger } = options;
  let fault: string | null = null;
  let stopping = false;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let worker = await launch(options);

  const watch = (thread: Worker): void => {
    thread.once('error', (error) => logger.error({ err: error }, 'the resolver thread failed'));
    thread.once('exit', () => {
      if (stopping) return;
      fault = 'the resolver thread ended and is being started again';
      const wait = Math.min(LONGEST_BACKOFF_MS, 1_000 * 2 ** failures++);
      retry = setTimeout(() => void restart(), wait);
    });
  };
  const restart = async (): Promise<void> => {
    try {
      worker = await launch(options);
      if (stopping) return void worker.terminate();
      fault = null;
      watch(worker);
    } catch (error) {
      logger.error({ err: error }, 'the resolver thread could not be started again');
      if (!stopping) retry = setTimeout(() => void restart(), Math.min(LONGEST_BACKOFF_MS, 1_000 * 2 ** failures++));
    }
  };
  watch(worker);

  return {
    health: async () => {
      if (fault !== null) return fault;
      const report = await ask(worker);
      if (report === null) return 'the resolver thread does not answer';
      const bad = report.health.lines.filter((line) => !line.ok);
      return bad.length === 0 ? null : bad.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
    },
    metrics: async () => (fault === null ? ((await ask(worker))?.metrics ?? '') : ''),
    stop: async () => {
      stopping = true;
      clearTimeout(retry);
      await stopThread(worker);
    },
  };
}

function launch({ dataDir, config }: ResolverThreadOptions): Promise<Worker> {
  const workerData = { dataDir, config, logLevel: 'warn' };
  const thread = new Worker(new URL(import.meta.resolve('@kenal/identity-resolver/worker')), { workerData });
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(error);
    thread.once('error', fail);
    thread.once('exit', (code) => reject(new Error(`the resolver thread ended with ${code} before it was ready`)));
    thread.on('message', function ready(message: unknown) {
      if (message !== 'ready') return;
      thread.off('message', ready);
      thread.off('error', fail);
      thread.removeAllListeners('exit');
      resolve(thread);
    });
  });
}

function ask(thread: Worker): Promise<Report | null> {
  return new Promise((resolve) => {
    const done = (report: Report | null): void => {
      clearTimeout(timer);
      thread.off('message', take);
      resolve(report);
    };
    const take = (message: unknown): void => {
      if (typeof message === 'object' && message !== null && 'health' in message) done(message as Report);
    };
    const timer = setTimeout(done, REPORT_MS, null);
    thread.on('message', take);
    thread.postMessage('report');
  });
}

function stopThread(thread: Worker): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => void thread.terminate(), STOP_MS);
    thread.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    thread.postMessage('stop');
  });
}
