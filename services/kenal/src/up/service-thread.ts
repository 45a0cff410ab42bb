import { setTimeout as sleep } from 'node:timers/promises';
import { type TransferListItem, Worker } from 'node:worker_threads';
import type {
  HealthCheck,
  Logger,
  ServiceThreadCommand,
  ServiceThreadData,
  ServiceThreadMessage,
} from '@kenal/service-kit';

/** What a health line says where there is nothing to say. */
const FINE = 'ok';

/** A service in a thread of its own, so that its work never holds up an answer to a client. */
export interface ServiceThread {
  /** As a {@link HealthCheck}: null where it is well, what somebody should mend, or what is wrong. */
  readonly health: HealthCheck;
  /** Its metrics as Prometheus reads them; '' where it does not answer. */
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

export interface ServiceThreadOptions {
  /** As health and log call it: `identity-resolver`. */
  readonly name: string;
  readonly program: URL;
  /** For each start anew: what was transferred is gone with the thread that had it. */
  readonly data: () => { readonly workerData: ServiceThreadData; readonly transferList?: readonly TransferListItem[] };
  /** Takes the thread's own lines too. */
  readonly logger: Logger;
  /** How long the thread may take to stop before it is ended; default 20 s. */
  readonly stopMs?: number;
}

type Report = Extract<ServiceThreadMessage, { readonly health: unknown }>;

const REPORT_MS = 2_500;
const STOP_MS = 20_000;
const LONGEST_BACKOFF_MS = 30_000;
/** A thread that ran this long was well: the next failure is a new one. */
const HEALTHY_MS = 60_000;

/** Resolves when the thread takes work. A thread that dies later is started again, after 1 s, 2 s, 4 s … */
export async function startServiceThread(options: ServiceThreadOptions): Promise<ServiceThread> {
  const { name, logger, stopMs = STOP_MS } = options;
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
    thread.on('message', (said: ServiceThreadMessage) => {
      if (typeof said === 'object' && 'log' in said) writeLine(logger, said.log);
    });
    thread.once('exit', () => (alive = null));
    await ready(name, thread);
    fault = null;
    healthy = setTimeout(() => (failures = 0), HEALTHY_MS).unref();
    thread.on('error', (error) => logger.error({ err: error, thread: name }, 'a service thread failed'));
    thread.once('exit', () => {
      clearTimeout(healthy);
      fault = `the thread of ${name} ended and is being started again`;
      launchLater();
    });
  };
  const launchLater = (): void => {
    if (stopping) return;
    const wait = Math.min(LONGEST_BACKOFF_MS, 1_000 * 2 ** failures++);
    retry = setTimeout(() => {
      launch().catch((error: unknown) => {
        logger.error({ err: error, thread: name }, 'a service thread could not be started again');
        launchLater();
      });
    }, wait);
  };
  await launch();

  return {
    health: async () => {
      if (fault !== null || alive === null) return fault ?? `the thread of ${name} has ended`;
      const report = await ask(alive);
      if (report === null) return `the thread of ${name} does not answer`;
      const { lines } = report.health;
      const told = (some: typeof lines): string =>
        some.map(({ name: what, detail }) => `${what}: ${detail}`).join('; ');
      const bad = lines.filter((line) => !line.ok);
      if (bad.length > 0) return told(bad);
      const warned = lines.filter(({ detail }) => detail !== FINE);
      return warned.length > 0 ? { warning: told(warned) } : null;
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

function open({ program, data }: ServiceThreadOptions): Worker {
  const { workerData, transferList = [] } = data();
  return new Worker(program, { workerData, transferList: [...transferList] });
}

/** A line of the thread's log among our own: `{"level":40,"service":"warehouse-loader",…,"msg":"trying again"}` */
function writeLine(logger: Logger, line: string): void {
  const { level, time: _time, msg, ...fields } = JSON.parse(line) as { level: number; time: string; msg: string };
  const label = logger.levels.labels[level];
  if (label !== undefined) logger[label as 'info'](fields, msg);
}

/** Resolves when the thread says that it takes work, rejects where it ends before. */
function ready(name: string, thread: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = (code: number): void =>
      reject(new Error(`the thread of ${name} ended with ${code} before it was ready`));
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
    const take = (said: ServiceThreadMessage): void => {
      if (typeof said === 'object' && 'health' in said) done(said);
    };
    const gone = (): void => done(null);
    const timer = setTimeout(gone, REPORT_MS);
    thread.on('message', take);
    thread.once('exit', gone);
    thread.postMessage('report' satisfies ServiceThreadCommand);
  });
}

/** @param thread one whose 'exit' is still to come @param stopMs after which it is ended, whatever it does */
async function stopThread(thread: Worker, stopMs: number): Promise<void> {
  const exit = new Promise<true>((resolve) => thread.once('exit', () => resolve(true)));
  const patience = new AbortController();
  thread.postMessage('stop' satisfies ServiceThreadCommand);
  const late = sleep(stopMs, false, { signal: patience.signal }).catch(() => false);
  if (!(await Promise.race([exit, late]))) await thread.terminate();
  patience.abort();
}
