import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createRepeats } from './repeats.ts';

/**
 * Where log lines of the one process go: all of them into `kenal.log`, warnings and worse to the terminal too. A warning
 * that keeps coming stands in both once, then its count. Lines that the disk does not take are dropped, which is said.
 */
export interface LogFile {
  readonly path: string;
  /** As pino wants it: one JSON line a call. Never throws. */
  write(line: string): void;
  close(): void;
}

const ROTATE_BYTES = 32 * 1024 * 1024;
const WARN = 40;

/**
 * @param tell takes a warning as one sentence
 * @param quietMs how long a warning that keeps coming is counted before the count is said; default a minute
 */
export function openLogFile(dataDir: string, tell: (sentence: string) => void, quietMs?: number): LogFile {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'kenal.log');
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > ROTATE_BYTES) renameSync(path, `${path}.1`);
  const file = openLines(path, tell);
  const repeats = createRepeats((fault, times) => {
    const msg = `${fault} — ${times} more times`;
    file.write(`${JSON.stringify({ level: WARN, time: new Date().toISOString(), msg })}\n`);
    tell(msg);
  }, quietMs);
  return {
    path,
    write: (line) => {
      const level = Number(/^\{"level":(\d+)/.exec(line)?.[1] ?? 0);
      if (level < WARN) return file.write(line);
      const sentence = sentenceOf(line);
      if (!repeats.isNew(sentence)) return;
      file.write(line);
      tell(sentence);
    },
    close: () => {
      repeats.stop();
      file.close();
    },
  };
}

/** Appends to a file; a full disk costs lines, never the process. */
function openLines(path: string, tell: (sentence: string) => void): { write(line: string): void; close(): void } {
  let file: number | null = openSync(path, 'a', 0o600);
  let dropped = 0;
  return {
    write(line) {
      if (file === null) return;
      try {
        const text = Buffer.from(dropped > 0 ? `\n${line}` : line); // half a line may have gone in
        if (writeSync(file, text) < text.length) throw new Error('no room for a whole line');
      } catch (error) {
        dropped += 1;
        if (dropped === 1)
          tell(`${path} takes no more lines; they are dropped until it does (${(error as Error).message})`);
        return;
      }
      if (dropped > 0) tell(`${path} takes lines again; ${dropped} were dropped`);
      dropped = 0;
    },
    close: () => {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}

interface LogLine {
  readonly service?: string;
  readonly msg?: string;
  readonly err?: { readonly message?: string };
  readonly workspace?: string;
  readonly source?: string;
}

// {"level":40,"service":"warehouse-loader","source":"till","err":{"message":"…"},"msg":"…"} → warehouse-loader: … (source till; …)
function sentenceOf(line: string): string {
  try {
    const { service = 'kenal', msg = '', err, workspace, source } = JSON.parse(line) as LogLine;
    const where = [named('source', source), named('workspace', workspace)].filter((one) => one !== null).join(' of ');
    const more = [where, err?.message ?? ''].filter((one) => one !== '').join('; ');
    return `${service}: ${msg}${more === '' ? '' : ` (${more})`}`;
  } catch {
    return line.trim();
  }
}

function named(what: string, name: string | undefined): string | null {
  return name === undefined ? null : `${what} ${name}`;
}
