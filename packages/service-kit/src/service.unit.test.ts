import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const moduleOf = (name: string) => new URL(`./${name}.ts`, import.meta.url).href;

/**
 * A process that is told to stop as soon as it runs; killed where it does not end.
 * @param release what it does then
 * @param read whether anybody reads its log
 */
async function runAndStop(release: string, read = true): Promise<{ code: number | null; log: string }> {
  const program = `
    import { createLogger } from '${moduleOf('logger')}';
    import { runService } from '${moduleOf('service')}';
    const logger = createLogger({ name: 'test', level: 'info' });
    setInterval(() => undefined, 1e6); // as a server keeps a process alive
    await runService(logger, async (resources) => {
      resources.defer(${release});
      setImmediate(() => process.kill(process.pid, 'SIGTERM'));
    }, { releaseTimeoutMs: 100 });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 4_000,
    killSignal: 'SIGKILL',
  });
  if (!read) child.stderr.destroy();
  const [[code], out, err] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    read ? text(child.stderr) : '',
  ]);
  return { code: code as number | null, log: out + err };
}

test('a release that never ends is given up at its deadline: exit 1, and the log says so', async () => {
  const { code, log } = await runAndStop('() => new Promise(() => undefined)');
  expect([code, log]).toEqual([1, expect.stringContaining('could not stop in time')]);
});

test('a release in time ends with 0', async () => {
  const { code, log } = await runAndStop('() => undefined');
  expect([code, log]).toEqual([0, expect.stringContaining('stopped')]);
});

test('a process ends also where whoever read its log has gone', async () => {
  expect((await runAndStop('() => undefined', false)).code).toBe(0);
});
