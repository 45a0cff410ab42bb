import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MUTANTS, type Mutant } from './mutants.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const IDENTITY = join(ROOT, 'packages/identity');
/** Enough for each mutant to be found; fewer than the suite itself has. */
const RUNS = '48';

interface FileReport {
  readonly name: string;
  readonly assertionResults: readonly { readonly status: string; readonly title: string }[];
}

const folder = mkdtempSync(join(tmpdir(), 'kenal-mutants-'));
let reports: readonly FileReport[] = [];

/** A copy of the package with the tests that matter, in a folder of its own. */
function copy(name: string, tests: readonly string[], mutant: Mutant | null): void {
  const target = join(folder, name);
  cpSync(join(IDENTITY, 'src'), join(target, 'src'), {
    recursive: true,
    filter: (path) => !path.endsWith('.test.ts') || tests.some((file) => path === join(IDENTITY, 'src', file)),
  });
  cpSync(join(IDENTITY, 'package.json'), join(target, 'package.json'));
  symlinkSync(join(IDENTITY, 'node_modules'), join(target, 'node_modules'));
  if (mutant === null) return;
  const path = join(target, 'src', mutant.file);
  const parts = readFileSync(path, 'utf8').split(mutant.from);
  if (parts.length !== 2)
    throw new Error(`${mutant.file} has ${parts.length - 1} times what mutant "${mutant.name}" changes`);
  writeFileSync(path, parts.join(mutant.to));
}

async function runAll(): Promise<readonly FileReport[]> {
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const config = {
    test: { include: ['*/src/**/*.test.ts'], pool: 'forks', isolate: false, maxWorkers: 2, testTimeout: 60_000 },
  };
  writeFileSync(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)};`);
  const output = join(folder, 'report.json');
  const args = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=json', `--outputFile=${output}`];
  const environment = { ...process.env, KENAL_PROPERTY_RUNS: RUNS, KENAL_MUTANT: '1' };
  const child = spawn(process.execPath, args, { cwd: folder, env: environment, stdio: 'ignore' });
  await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  return (JSON.parse(readFileSync(output, 'utf8')) as { testResults: FileReport[] }).testResults;
}

/** Titles of the tests of a copy that ended so. */
function endings(name: string, status: string): string[] {
  const own = reports.filter((report) => report.name.includes(`/${name}/src/`));
  return own.flatMap(({ assertionResults }) =>
    assertionResults.filter((one) => one.status === status).map(({ title }) => title),
  );
}

beforeAll(async () => {
  copy('control', [...new Set(MUTANTS.flatMap(({ tests }) => tests))], null);
  for (const [i, mutant] of MUTANTS.entries()) copy(`mutant-${i}`, mutant.tests, mutant);
  reports = await runAll();
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the copy without a fault is green, so it is the fault that is found', () => {
  expect(endings('control', 'failed')).toEqual([]);
  expect(endings('control', 'passed').length).toBeGreaterThan(40);
});

test.each(MUTANTS.map(({ name }, i) => [name, i] as const))('a fault is found: %s', (_, i) => {
  expect(endings(`mutant-${i}`, 'failed')).not.toEqual([]);
});
