import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Cli, CommonOptions } from '../cli/cli.ts';

const MOST_LINES = 1_000;

/** Statements that were typed, the newest last, one a line. */
export interface History {
  readonly lines: readonly string[];
  /** Keeps it at once; a file that cannot be written is no reason to stop. */
  add(statement: string): void;
}

export function openHistory(cli: Cli, options: CommonOptions): History {
  const path = historyPath(cli, options);
  let lines = read(path);
  return {
    get lines() {
      return lines;
    },
    add: (statement) => {
      // A comment to the end of its line would hide what follows it
      const line = statement.includes('--') ? statement.split('\n').at(-1) : statement.replace(/\s*\n\s*/g, ' ');
      if (line === undefined || line === lines.at(-1)) return;
      lines = [...lines, line].slice(-MOST_LINES);
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
      } catch {
        // kept for this prompt only
      }
    },
  };
}

function historyPath({ env }: Cli, options: CommonOptions): string {
  const data = options.data ?? env.KENAL_DATA;
  if (data) return join(data, 'sql_history');
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'kenal', 'sql_history');
}

function read(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean).slice(-MOST_LINES);
  } catch {
    return [];
  }
}
