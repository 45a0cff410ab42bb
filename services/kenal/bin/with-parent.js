import { Worker } from 'node:worker_threads';

const LONGEST_END_MS = 15_000;

/**
 * Loaded before a program that hand-over.js starts: where the starting process is gone, end this one too, the orderly way;
 * whoever hangs in that is killed by a thread of its own, which needs nothing of the one that hangs.
 * Worker threads and forks inherit the flag that loads this file, but not the variable.
 */
if (process.env.KENAL_PARENT === String(process.ppid) && process.channel) {
  delete process.env.KENAL_PARENT;
  process.once('disconnect', () => {
    const kill = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${LONGEST_END_MS})`;
    new Worker(kill, { eval: true, execArgv: [] }).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  process.channel.unref();
}
