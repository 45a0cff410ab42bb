import { execFile } from 'node:child_process';

/** What a program printed and how it ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const MOST_BYTES = 64 * 1024 * 1024;

/** Run a program to its end, whatever that is. */
export function run(command: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(command, [...args], { encoding: 'buffer', maxBuffer: MOST_BYTES }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? -1);
      resolve({ code, stdout, stderr: stderr.toString('utf8') });
    });
  });
}
