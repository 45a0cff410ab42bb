import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endWithUs } from './watchdog.ts';

/** A process under test. */
export interface TestProcess {
  readonly pid: number;
  /** Everything it printed so far, both streams. */
  output(): string;
  /** Resolves when its output matches; rejects with the output where it ends before, or after `seconds`. */
  seen(pattern: RegExp, seconds?: number): Promise<RegExpMatchArray>;
  /** kill −9; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code, kills it after `seconds`. */
  stop(seconds?: number): Promise<number | null>;
  readonly ended: Promise<number | null>;
}

const LAST_WORDS_MS = 2_000;

/** Start a program of this repo with the runtime that runs the test. It dies with the test process. */
export function startProcess(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): TestProcess {
  const child = spawn(process.execPath, args, {
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const callOff = endWithUs(child);
  let output = '';
  const listeners = new Set<() => void>();
  const take = (chunk: Buffer) => {
    output += chunk.toString('utf8');
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  // Its last words may come after its end. A child of its own that holds the streams open is not waited for.
  let silent = false;
  const fallSilent = (): void => {
    silent = true;
    for (const listener of listeners) listener();
  };
  child.once('close', fallSilent);
  const ended = once(child, 'exit').then(([code]) => {
    callOff();
    setTimeout(fallSilent, LAST_WORDS_MS).unref();
    return code as number | null;
  });
  return {
    pid: child.pid ?? -1,
    output: () => output,
    ended,
    seen: (pattern, seconds = 60) =>
      waitForOutput({ name, pattern, seconds, silent: () => silent, output: () => output, listeners }),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: async (seconds = 20) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
      child.kill('SIGTERM');
      const code = await ended;
      clearTimeout(timer);
      return code;
    },
  };
}

interface Waiting {
  readonly name: string;
  readonly pattern: RegExp;
  readonly seconds: number;
  /** It has ended and says nothing more. */
  readonly silent: () => boolean;
  readonly output: () => string;
  readonly listeners: Set<() => void>;
}

function waitForOutput(waiting: Waiting): Promise<RegExpMatchArray> {
  const { name, pattern, silent, output, listeners } = waiting;
  return new Promise((resolve, reject) => {
    const finish = (end: () => void) => {
      clearTimeout(timer);
      listeners.delete(check);
      end();
    };
    const check = () => {
      const match = output().match(pattern);
      if (match !== null) finish(() => resolve(match));
      else if (silent()) {
        finish(() => reject(new Error(`${name} ended before it printed ${pattern}:\n${output().slice(-4000)}`)));
      }
    };
    const timer = setTimeout(() => {
      finish(() =>
        reject(new Error(`${name} did not print ${pattern} within ${waiting.seconds} s:\n${output().slice(-4000)}`)),
      );
    }, waiting.seconds * 1000);
    listeners.add(check);
    check();
  });
}

// Nothing of the developer's own Kenal, nor of the test runner, leaks into what is tested.
function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(KENAL_|KAFKA_BROKERS|REDIS_URL|CLICKHOUSE_URL|VITEST|NODE_OPTIONS|npm_)/.test(name),
  );
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
