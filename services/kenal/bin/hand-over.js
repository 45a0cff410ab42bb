import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Root of the repository, without a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '');

/** The runtime that the root's package.json pins (`node-runtime`): runs the TypeScript as it lies there. */
export const PINNED_NODE = `${ROOT}/node_modules/node-runtime/bin/node`;

const WITH_PARENT = fileURLToPath(new URL('./with-parent.js', import.meta.url));
const OLDEST_NODE = [22, 18]; // the first that strips types without a flag

/** @returns path of a Node that can run our TypeScript, or null where there is none yet */
export function typescriptNode() {
  if (existsSync(PINNED_NODE)) return PINNED_NODE;
  const [major, minor] = process.versions.node.split('.').map(Number);
  const young = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return young && existsSync(`${ROOT}/node_modules`) ? process.execPath : null;
}

/**
 * Run a TypeScript file of this repository in the given Node and be it for the outside: its output, signals, exit code.
 * The child ends when this process does, also after a kill -9 (with-parent.js).
 * @param {string} node path of the runtime
 * @param {string} script path below the root
 * @param {readonly string[]} args
 */
export function handOver(node, script, args) {
  const child = spawn(
    node,
    ['--disable-warning=ExperimentalWarning', '--import', WITH_PARENT, `${ROOT}/${script}`, ...args],
    {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, KENAL_PARENT: String(process.pid) },
    },
  );
  passSignals(child);
  stopWithNpm(child);
  child.on('error', (error) => {
    console.error(`Could not start ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + constants.signals[signal]);
  });
}

/**
 * Pass on each kind of signal once. A terminal sends Ctrl-C to the whole process group, so the child has it already;
 * npm passes on what it got itself, so one signal may reach us twice.
 * @param {import('node:child_process').ChildProcess} child
 */
export function passSignals(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    let passed = signal === 'SIGINT' && process.stdin.isTTY === true;
    process.on(signal, () => {
      if (!passed) child.kill(signal);
      passed = true;
    });
  }
}

/**
 * npm passes a signal to the shell between it and us, and a shell that dies of it tells us nothing: but our parent changes.
 * @param {import('node:child_process').ChildProcess} child
 */
function stopWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500);
}
