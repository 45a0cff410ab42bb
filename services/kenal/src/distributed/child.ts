import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { EXIT_CANNOT_START } from '@kenal/service-kit';

/** A process of the distributed stack. */
export interface ChildSpec {
  readonly name: string;
  /** TypeScript file, and what follows it. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Root of its HTTP server, which answers `readyPath` with 200 when it takes work. */
  readonly url: string;
  readonly readyPath: string;
}

export interface Child {
  readonly spec: ChildSpec;
  /** What it said last where no further start can help; null as long as one may. */
  hopeless(): string | null;
  /** Ask it to finish and wait; after `STOP_MS` it is ended. */
  stop(): Promise<void>;
}

export interface ChildEvents {
  onLine(name: string, line: string): void;
  onStart(name: string, pid: number): void;
  /** It ended though nobody asked, and is started again after that time. */
  onCrash(name: string, how: string, waitMs: number): void;
}

const STOP_MS = 20_000;
const LONGEST_BACKOFF_MS = 10_000;
/** Somebody who lived this long is started again without waiting. */
const HEALTHY_MS = 30_000;
const WITH_PARENT = fileURLToPath(new URL('../../bin/with-parent.js', import.meta.url));

/** Start a process and keep it running: where it ends by itself it is started again after 0.25 s, 0.5 s, 1 s … */
export function keepRunning(spec: ChildSpec, events: ChildEvents): Child {
  let stopping = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: ChildProcess | null = null;
  let said = '';
  let hopeless: string | null = null;
  const ended = Promise.withResolvers<void>();
  const start = (): void => {
    const began = performance.now();
    const onLine = (name: string, line: string): void => {
      said = line;
      events.onLine(name, line);
    };
    const child = launch(spec, { ...events, onLine });
    if (child.pid !== undefined) events.onStart(spec.name, child.pid);
    running = child;
    // When its last line is read too
    child.once('close', (code, signal) => {
      running = null;
      if (stopping) return ended.resolve();
      hopeless = code === EXIT_CANNOT_START ? said : null;
      failures = performance.now() - began > HEALTHY_MS ? 0 : failures + 1;
      const wait = failures === 0 ? 0 : Math.min(LONGEST_BACKOFF_MS, 125 * 2 ** failures);
      events.onCrash(spec.name, signal ?? `exit code ${code}`, wait);
      timer = setTimeout(start, wait);
    });
  };
  start();
  return {
    spec,
    hopeless: () => hopeless,
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      const child = running;
      if (child === null) return;
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      child.kill('SIGTERM');
      await ended.promise;
      clearTimeout(kill);
    },
  };
}

// In a process group of its own: Ctrl-C reaches the supervisor alone, which stops the others in order. Where the
// supervisor itself is killed, the channel breaks and with-parent.js ends the child.
function launch(spec: ChildSpec, events: ChildEvents): ChildProcess {
  const child = spawn(process.execPath, ['--import', WITH_PARENT, ...spec.args], {
    env: { ...spec.env, KENAL_PARENT: String(process.pid) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  child.channel?.unref();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream as Readable }).on('line', (line) => events.onLine(spec.name, line));
  child.once('error', (error) => events.onLine(spec.name, error.message));
  return child;
}
