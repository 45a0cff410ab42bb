import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedisServer, StartRedisOptions } from '../redis.ts';
import { endWithUs } from '../watchdog.ts';

const READY_SECONDS = 30;

interface Running {
  readonly child: ChildProcess;
  readonly callOff: () => void;
}

/** Start a `redis-server` of our own on a free port of the loopback, with its append-only file in a temporary folder. */
export async function startRedisProcess(
  binary: string,
  options: StartRedisOptions,
): Promise<Omit<RedisServer, 'flush'>> {
  const dir = await mkdtemp(join(tmpdir(), 'kenal-redis-'));
  const port = await freePort();
  const args = settings(port, dir, options.fsync ?? 'always');
  let running: Running | null = await launch(binary, args);
  const kill = async () => {
    if (running === null) return;
    const { child, callOff } = running;
    running = null;
    child.ref(); // its exit must be seen
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    callOff();
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    async stop() {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
    async restart() {
      await kill();
      running = await launch(binary, args);
    },
    async pause() {
      running?.child.kill('SIGSTOP');
    },
    async resume() {
      running?.child.kill('SIGCONT');
    },
  };
}

/** What Kenal asks of a Redis (README.md of packages/state), on a port of our own. */
export function settings(port: number, dir: string, fsync: 'always' | 'everysec' | 'off'): string[] {
  const persistence = fsync === 'off' ? ['--appendonly', 'no'] : ['--appendonly', 'yes', '--appendfsync', fsync];
  return [...['--port', String(port), '--dir', dir, '--save', '', '--maxmemory-policy', 'noeviction'], ...persistence];
}

async function launch(binary: string, args: readonly string[]): Promise<Running> {
  const child = spawn(binary, ['--bind', '127.0.0.1', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const callOff = endWithUs(child);
  child.unref();
  try {
    await ready(child);
  } catch (error) {
    child.kill('SIGKILL');
    callOff();
    throw error;
  }
  return { child, callOff };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string) => reject(new Error(`redis-server ${why}\n${output.slice(-2_000)}`));
    const timer = setTimeout(() => fail(`was not ready within ${READY_SECONDS} s`), READY_SECONDS * 1_000);
    const take = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-10_000);
      if (!output.includes('Ready to accept connections')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout!.on('data', take);
    child.stderr!.on('data', take);
    child.on('error', (error) => fail(error.message));
    child.on('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with code ${code}`);
    });
  });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
