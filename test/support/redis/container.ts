import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GenericContainer, Wait } from 'testcontainers';
import type { RedisServer, StartRedisOptions } from '../redis.ts';
import { freePort, settings } from './process.ts';

const IMAGE = 'redis:7.4-alpine';
const run = promisify(execFile);

/** Whether a container engine answers; an installed `docker` command proves nothing. */
export async function engineAnswers(): Promise<boolean> {
  try {
    await run('docker', ['info'], { timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

/** Redis in a container that testcontainers removes when this process ends. A fixed host port, so that a restart keeps it. */
export async function startRedisContainer(options: StartRedisOptions): Promise<Omit<RedisServer, 'flush'>> {
  const port = await freePort();
  const container = await new GenericContainer(IMAGE)
    .withExposedPorts({ container: 6379, host: port })
    .withCommand(['redis-server', ...settings(6379, '/data', options.fsync ?? 'always')])
    .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
    .start();
  const docker = async (...args: string[]) => {
    await run('docker', [...args, container.getId()]);
  };
  let alive = true;
  const kill = async () => {
    if (alive) await docker('kill', '--signal', 'KILL');
    alive = false;
  };
  return {
    url: `redis://${container.getHost()}:${port}`,
    kill,
    async stop() {
      await container.stop();
    },
    async restart() {
      await kill();
      await docker('start');
      alive = true;
    },
    pause: () => docker('pause'),
    resume: () => docker('unpause'),
  };
}
