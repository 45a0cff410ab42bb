import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithUs } from '../../../../test/support/watchdog.ts';
import { type Endpoints, readEndpoints } from '../client/endpoints.ts';
import { run } from '../run.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const READY_MS = 120_000;

/** What a command line came to. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'kenal-e2e-'));
}

function environment(dataDir: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  // What `npm test` was started with: without the cache a start costs half as much again
  const kept = ['PATH', 'HOME', 'NODE_COMPILE_CACHE', 'UV_THREADPOOL_SIZE'];
  const runtime = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  // Far from a kenal.yaml of the working directory, and from servers that the machine's environment names
  return {
    ...Object.fromEntries(runtime),
    KENAL_DATA: dataDir,
    KENAL_PORT: '0',
    KENAL_SQL_PORT: '0',
    KENAL_DEMO: 'off',
    NO_COLOR: '1',
    ...more,
  };
}

/** Run one command of the CLI as a person would, in a process of its own. */
export async function kenal(
  dataDir: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: environment(dataDir, options.env), cwd: tmpdir() });
  child.stdin.end(options.input ?? '');
  const output = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, stdout: output.stdout(), stderr: output.stderr() };
}

/**
 * The same in this process, for many commands on an instance that runs already.
 * @param typed what somebody at the terminal types; without it nobody sits there
 */
export async function kenalHere(dataDir: string, args: readonly string[], typed?: string): Promise<Outcome> {
  const output = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    write: (chunk: string | Uint8Array) => {
      output[name] += Buffer.from(chunk as string).toString();
      return true;
    },
  });
  const stdin = (async function* () {
    if (typed !== undefined) yield typed;
  })();
  const cli = { env: environment(dataDir), out: stream('out'), err: stream('err'), stdin };
  const code = await run(args, { ...cli, stdinIsTerminal: typed !== undefined });
  return { code, stdout: output.out, stderr: output.err };
}

export interface RunningKenal {
  readonly child: ChildProcess;
  readonly endpoints: Endpoints;
  stdout(): string;
  stderr(): string;
  /** @returns its exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** `kenal up`, until it says that it is ready. */
export async function up(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<RunningKenal> {
  const child = spawn(process.execPath, [MAIN, 'up', ...args], { env: environment(dataDir, env), cwd: tmpdir() });
  const output = collect(child);
  const callOff = endWithUs(child);
  const exit = once(child, 'exit').finally(callOff);
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready: ${output.stderr()}`)), READY_MS);
    child.stdout.on('data', () => {
      if (!output.stdout().includes('Kenal is ready at')) return;
      clearTimeout(late);
      resolve();
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${output.stderr()}`)));
    void exit.then(() => clearTimeout(late));
  });
  const endpoints = readEndpoints(dataDir);
  if (endpoints === null) throw new Error('it was ready without endpoints.json');
  return {
    child,
    endpoints,
    ...output,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const [code] = (await exit) as [number | null];
      return code;
    },
  };
}

function collect(child: ChildProcess): Pick<RunningKenal, 'stdout' | 'stderr'> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  return { stdout: () => stdout, stderr: () => stderr };
}

/** Wait until something holds. */
export async function until<T>(what: string, look: () => Promise<T | null>, timeoutMs = 15_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
