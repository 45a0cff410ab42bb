import { readFileSync, readlinkSync } from 'node:fs';
import { platform } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { startProcess } from '../../../test/support/process.ts';

const MODULE = JSON.stringify(new URL('give-way.ts', import.meta.url).href);

// pid (comm) state ppid … nice is the 19th field
const PRINT_NICE = `
  const { readdirSync, readFileSync, readlinkSync } = require('node:fs');
  const niceOf = (id) => Number(readFileSync('/proc/self/task/' + id + '/stat', 'utf8').split(') ')[1].split(' ')[16]);
  const own = () => niceOf(readlinkSync('/proc/thread-self').split('/').at(-1));
  const all = () => [...new Set(readdirSync('/proc/self/task').map(niceOf))];`;

test.runIf(platform() === 'linux')(
  'a worker thread gives way with the threads that it starts afterwards, and nobody else does',
  async () => {
    const before = niceHere();
    const code = `${PRINT_NICE}
      const { parentPort, Worker } = require('node:worker_threads');
      import(${MODULE}).then(({ giveWay }) => {
        giveWay();
        const child = new Worker(\`${PRINT_NICE.replaceAll('`', '')} require('node:worker_threads').parentPort.postMessage(own())\`, { eval: true });
        child.once('message', (childNice) => parentPort.postMessage([own(), childNice]));
      });`;
    const worker = new Worker(code, { eval: true, execArgv: [] });
    const nices = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    await worker.terminate();
    expect(nices).toEqual([10, 10]);
    expect(niceHere()).toBe(before);
  },
);

test.runIf(platform() === 'linux')('a process of its own gives way with all its threads', async () => {
  const code = `${PRINT_NICE} import(${MODULE}).then(({ giveWay }) => { giveWay(); console.log('nice ' + all()); });`;
  const child = startProcess('give-way', ['-e', code]);
  const [, nice] = await child.seen(/nice (\S+)/);
  expect(nice).toBe('10');
});

test.runIf(platform() === 'linux')('threads that somebody else has started give way by their name', async () => {
  const code = `${PRINT_NICE} import(${MODULE}).then(({ letGiveWay }) => { letGiveWay(/^V8Worker$/); console.log('nice ' + own() + ' ' + all().sort()); });`;
  const child = startProcess('give-way', ['-e', code]);
  const [, own, all] = await child.seen(/nice (\S+) (\S+)/);
  expect([own, all]).toEqual([String(niceHere()), [niceHere(), 10].sort().join(',')]);
});

function niceHere(): number {
  const thread = readlinkSync('/proc/thread-self').split('/').at(-1);
  return Number(readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ')[1]?.split(' ')[16]);
}
