import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Manner } from './suites.ts';
import { type Tally, tallyVitest, type VitestReport } from './tally.ts';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

export interface Limits {
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds since 1970 after which everything that runs is ended. */
  readonly deadline: number;
}

/** Run a program of node_modules/.bin at the root, its output going where ours goes. @returns exit code, 124 past the deadline */
function runTool(command: string, args: readonly string[], limits: Limits): Promise<number> {
  const path = `${ROOT}/node_modules/.bin:${process.env.PATH ?? ''}`;
  const env = { ...process.env, ...limits.env, PATH: path, DO_NOT_TRACK: '1' };
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const end = (): boolean => child.kill('SIGTERM');
  process.once('exit', end);
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(
      () => {
        late = true;
        child.kill('SIGTERM');
        setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
      },
      Math.max(0, limits.deadline - Date.now()),
    );
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(timer);
      process.off('exit', end);
      resolve(late ? 124 : (code ?? 1));
    });
  });
}

/** A step that either holds or does not: it counts as one test. */
export async function check(name: string, command: string, args: readonly string[], limits: Limits): Promise<Tally> {
  const code = await runTool(command, args, limits);
  return code === 0 ? { passed: 1, failed: [], skipped: [] } : { passed: 0, failed: [name], skipped: [] };
}

/** Run test files with vitest and count from its report. */
export async function runVitest(
  files: readonly string[],
  { workers, isolate }: Manner,
  limits: Limits,
): Promise<Tally> {
  if (files.length === 0) return { passed: 0, failed: ['the suite has no test file'], skipped: [] };
  const folder = mkdtempSync(join(tmpdir(), 'kenal-verify-'));
  const report = join(folder, 'report.json');
  const args = [
    'run',
    '-c',
    'test/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  try {
    const code = await runTool(
      'vitest',
      [...args, `--maxWorkers=${workers}`, `--isolate=${isolate}`, ...files],
      limits,
    );
    const tally = tallyVitest(read(report), code, ROOT);
    return code === 124 ? { ...tally, failed: [...tally.failed, 'the time for npm test was over'] } : tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(path: string): VitestReport | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as VitestReport;
  } catch {
    return null;
  }
}
