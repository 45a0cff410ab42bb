import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KenalConfig } from '@kenal/contracts';
import { createLogger } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { until } from '../testing/cli.ts';
import { type ResolverThreadOptions, startResolverThread } from './resolver-thread.ts';

const HEAD = `
import { parentPort, workerData } from 'node:worker_threads';
import { existsSync, writeFileSync } from 'node:fs';
const second = existsSync(workerData.dataDir + '/began');
writeFileSync(workerData.dataDir + '/began', '');
const report = { health: { ok: true, lines: [] }, metrics: 'up 1' };
`;

function optionsOf(program: string, more: Partial<ResolverThreadOptions> = {}): ResolverThreadOptions {
  return {
    dataDir: mkdtempSync(join(tmpdir(), 'kenal-thread-')),
    config: {} as KenalConfig,
    logger: createLogger({ name: 'test', level: 'silent' }),
    program: new URL(`data:text/javascript,${encodeURIComponent(HEAD + program)}`),
    ...more,
  };
}

const ended = async (thread: Awaited<ReturnType<typeof startResolverThread>>) =>
  until('the end of the thread', async () => ((await thread.health())?.includes('ended') ? true : null));

test('a thread that has ended already is not waited for, and is not started again after the stop', async () => {
  const options = optionsOf(`
    if (second) writeFileSync(workerData.dataDir + '/again', '');
    parentPort.postMessage('ready');
    setTimeout(() => process.exit(1), 20);`);
  const thread = await startResolverThread(options);
  await ended(thread);
  const began = performance.now();
  await thread.stop();
  expect(performance.now() - began).toBeLessThan(500);
  await sleep(1_500); // past the pause after which it would have been started again
  expect(existsSync(join(options.dataDir, 'again'))).toBe(false);
  expect(await thread.health()).toContain('ended');
});

test('a thread that does not listen is ended after the patience', async () => {
  const thread = await startResolverThread(
    optionsOf(`parentPort.postMessage('ready'); parentPort.on('message', () => {});`, { stopMs: 50 }),
  );
  await thread.stop();
  expect(await thread.health()).toContain('ended');
});

test('a thread that dies is started again and answers; one that stops in good order is heard to the end', async () => {
  const thread = await startResolverThread(
    optionsOf(`
      parentPort.on('message', (said) => (said === 'stop' ? parentPort.close() : parentPort.postMessage(report)));
      parentPort.postMessage('ready');
      if (!second) setTimeout(() => process.exit(1), 20);`),
  );
  await ended(thread);
  await until('it runs again', async () => ((await thread.health()) === null ? true : null));
  expect(await thread.metrics()).toBe('up 1');
  await thread.stop();
  expect(await thread.metrics()).toBe('');
});

test('a thread that ends before it is ready is an error at the start', async () => {
  await expect(startResolverThread(optionsOf('process.exit(3);'))).rejects.toThrow('ended with 3 before it was ready');
});
