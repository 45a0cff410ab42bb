import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KenalConfig } from '@kenal/contracts';
import { createLogger } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { until } from '../testing/cli.ts';
import { type ServiceThreadOptions, startServiceThread } from './service-thread.ts';

const HEAD = `
import { parentPort, workerData } from 'node:worker_threads';
import { existsSync, writeFileSync } from 'node:fs';
const second = existsSync(workerData.dataDir + '/began');
writeFileSync(workerData.dataDir + '/began', '');
const line = { name: 'hooks', ok: true, detail: 'one was stopped' };
const report = { health: { ok: true, lines: [{ name: 'queue', ok: true, detail: 'ok' }, line] }, metrics: 'up 1' };
`;

function optionsOf(program: string, more: Partial<ServiceThreadOptions> = {}): ServiceThreadOptions {
  const dataDir = mkdtempSync(join(tmpdir(), 'kenal-thread-'));
  return {
    name: 'worker-bee',
    data: () => ({ workerData: { dataDir, config: {} as KenalConfig } }),
    logger: createLogger({ name: 'test', level: 'silent' }),
    program: new URL(`data:text/javascript,${encodeURIComponent(HEAD + program)}`),
    ...more,
  };
}

const ended = async (thread: Awaited<ReturnType<typeof startServiceThread>>) =>
  until('the end of the thread', async () => (String(await thread.health()).includes('ended') ? true : null));

test('a thread that has ended already is not waited for, and is not started again after the stop', async () => {
  const options = optionsOf(`
    if (second) writeFileSync(workerData.dataDir + '/again', '');
    parentPort.postMessage('ready');
    setTimeout(() => process.exit(1), 20);`);
  const thread = await startServiceThread(options);
  await ended(thread);
  const began = performance.now();
  await thread.stop();
  expect(performance.now() - began).toBeLessThan(500);
  await sleep(1_500); // past the pause after which it would have been started again
  expect(existsSync(join(options.data().workerData.dataDir, 'again'))).toBe(false);
  expect(await thread.health()).toContain('ended');
});

test('a thread that does not listen is ended after the patience', async () => {
  const thread = await startServiceThread(
    optionsOf(`parentPort.postMessage('ready'); parentPort.on('message', () => {});`, { stopMs: 50 }),
  );
  await thread.stop();
  expect(await thread.health()).toContain('ended');
});

test('a thread that dies is started again and answers; one that stops in good order is heard to the end', async () => {
  const thread = await startServiceThread(
    optionsOf(`
      parentPort.on('message', (said) => (said === 'stop' ? parentPort.close() : parentPort.postMessage(report)));
      parentPort.postMessage('ready');
      if (!second) setTimeout(() => process.exit(1), 20);`),
  );
  await ended(thread);
  await until('it runs again', async () => (typeof (await thread.health()) === 'string' ? null : true));
  expect(await thread.health()).toEqual({ warning: 'hooks: one was stopped' });
  expect(await thread.metrics()).toBe('up 1');
  await thread.stop();
  expect(await thread.metrics()).toBe('');
});

test('a thread that ends before it is ready is an error at the start', async () => {
  await expect(startServiceThread(optionsOf('process.exit(3);'))).rejects.toThrow('ended with 3 before it was ready');
});

test('what a thread logs stands in the log of the process, under the name of its service', async () => {
  const lines: string[] = [];
  const logger = createLogger({ name: 'kenal', destination: { write: (line: string) => void lines.push(line) } });
  const line = JSON.stringify({ level: 40, time: '2026-11-22T00:00:00.000Z', service: 'worker-bee', n: 7, msg: 'odd' });
  const thread = await startServiceThread(
    optionsOf(
      `parentPort.postMessage({ log: ${JSON.stringify(line)} });
      parentPort.on('message', () => parentPort.close());
      parentPort.postMessage('ready');`,
      { logger },
    ),
  );
  await thread.stop();
  expect(lines.map((text) => JSON.parse(text))).toEqual([
    expect.objectContaining({ level: 40, service: 'worker-bee', n: 7, msg: 'odd' }),
  ]);
});
