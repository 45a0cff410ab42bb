import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { kenal, type RunningKenal, temporaryDirectory, until, up } from './testing/cli.ts';

/** A disk of its own that a test may fill; needs the right to mount. */
const disk = temporaryDirectory();
const hasDisk = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', disk]).status === 0;
let running: RunningKenal | undefined;
afterAll(async () => {
  running?.child.kill('SIGKILL');
  if (hasDisk) spawnSync('umount', ['-l', disk]);
});

const filler = join(disk, 'filler');
function fill(path: string): void {
  for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 4)) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

async function identify({ endpoints }: RunningKenal, userId: string): Promise<number> {
  const reply = await fetch(`${endpoints.url}/v1/identify`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${endpoints.writeKey}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ userId, traits: { name: 'x'.repeat(5_000) } }),
  });
  return reply.status;
}

test.skipIf(!hasDisk)(
  'a full disk refuses events by 503 and costs log lines, and all goes on when there is room',
  async () => {
    const dataDir = join(disk, 'data');
    const one = await up(dataDir);
    running = one;
    fill(filler);
    fill(join(dataDir, 'kenal.log')); // the last page of a file has room that the disk has not
    await until('a refusal', async () => ((await identify(one, 'early')) === 503 ? true : null));
    expect((await fetch(`${one.endpoints.url}/readyz`)).status).toBe(503);
    await until('the word of it', async () => (one.stderr().includes('takes no more lines') ? true : null));
    expect(one.stderr().match(/takes no more lines/g)).toHaveLength(1);
    rmSync(filler);
    await until('room again', async () => ((await identify(one, 'late')) === 200 ? true : null));
    const profile = await until('the profile', async () => {
      const { code, stdout } = await kenal(dataDir, ['profile', 'user_id:late', '--json']);
      return code === 0 ? stdout : null;
    });
    expect(profile).toContain('user_id');
    await until('lines again', async () => (one.stderr().includes('takes lines again') ? true : null));
    expect(await one.stop()).toBe(0);
    expect(readFileSync(join(dataDir, 'kenal.log'), 'utf8')).toContain('the event log takes events again');
  },
);
