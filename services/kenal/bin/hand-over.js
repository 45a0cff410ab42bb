import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Root of the repository, without a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '');

/** The runtime that the root's package.json pins (`node-runtime`): runs the TypeScript as it lies there. */
export const PINNED_NODE = `${ROOT}/node_modules/node-runtime/bin/node`;

const WITH_PARENT = fileURLToPath(new URL('./with-parent.js', import.meta.url));
/** Where Node keeps what it compiled, types stripped: a start takes half the processor time. Unwritable, it is as if not there. */
export const COMPILED = `${ROOT}/.cache/compiled`;

// Each of the seven sessions of chDB holds one while it works; Node's own four would leave none for the log's fsyncs.
const THREADS = '10';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Run a TypeScript file of this repository in the pinned runtime and be it for the outside: output, signals, exit code.
 * The child ends when this process does, also after a kill -9 (with-parent.js). It has a process group of its own, so that
 * a signal to the whole group (Ctrl-C in a terminal) reaches it once, through us: a second one means "at once" to Kenal.
 * @param {string} script path below the root
 * @param {readonly string[]} args
 */
export function handOver(script, args) {
  const child = spawn(PINNED_NODE, ['--import', WITH_PARENT, `${ROOT}/${script}`, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      UV_THREADPOOL_SIZE: THREADS,
      NODE_COMPILE_CACHE: COMPILED,
      ...process.env,
      KENAL_PARENT: String(process.pid),
    },
    detached: true,
  });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  stopWithNpm(child);
  child.on('error', (error) => {
    console.error(`Could not start ${PINNED_NODE}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/**
 * npm passes a signal to the shell between it and us, and a shell that dies of it tells us nothing: but our parent changes.
 * @param {import('node:child_process').ChildProcess} child
 */
function stopWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  let told = false;
  for (const signal of SIGNALS) process.on(signal, () => (told = true));
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    if (!told) child.kill('SIGTERM');
  }, 500);
}
