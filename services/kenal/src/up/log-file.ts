import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Where log lines of the one process go: all of them into `kenal.log`, warnings and worse to the terminal too. */
export interface LogFile {
  readonly path: string;
  /** As pino wants it: one JSON line a call. */
  write(line: string): void;
  close(): void;
}

const ROTATE_BYTES = 32 * 1024 * 1024;
const WARN = 40;

/** @param tell takes a warning as one sentence */
export function openLogFile(dataDir: string, tell: (sentence: string) => void): LogFile {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'kenal.log');
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > ROTATE_BYTES) renameSync(path, `${path}.1`);
  let file: number | null = openSync(path, 'a', 0o600);
  return {
    path,
    write: (line) => {
      if (file !== null) writeSync(file, line);
      const level = Number(/^\{"level":(\d+)/.exec(line)?.[1] ?? 0);
      if (level >= WARN) tell(sentenceOf(line));
    },
    close: () => {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}

// {"level":40,"service":"warehouse-loader","err":{"message":"…"},"msg":"…"} → warehouse-loader: … (…)
function sentenceOf(line: string): string {
  try {
    const { service, msg, err } = JSON.parse(line) as { service?: string; msg?: string; err?: { message?: string } };
    return `${service ?? 'kenal'}: ${msg ?? ''}${err?.message === undefined ? '' : ` (${err.message})`}`;
  } catch {
    return line.trim();
  }
}
