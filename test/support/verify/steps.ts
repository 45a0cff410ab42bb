import { globSync } from 'node:fs';
import { check, type Limits, ROOT, runVitest } from './run.ts';
import { provision } from './servers.ts';
import { MANNERS, SUITES, suiteOf } from './suites.ts';
import type { Tally } from './tally.ts';

export interface Step {
  readonly name: string;
  readonly run: (limits: Limits) => Promise<Tally>;
}

/** What `npm test` does, in this order: cheap first, so that a slip shows within seconds. */
export const STEPS: readonly Step[] = [
  { name: 'lint', run: (limits) => check('lint', 'biome', ['check', '.'], limits) },
  { name: 'rings', run: (limits) => check('rings', process.execPath, ['test/support/rings.ts'], limits) },
  { name: 'knip', run: (limits) => check('knip', 'knip', [], limits) },
  { name: 'typecheck', run: (limits) => check('typecheck', 'npm', ['run', '--silent', 'typecheck'], limits) },
  { name: 'servers', run: provision },
  ...SUITES.map((suite) => ({
    name: suite,
    run: (limits: Limits) =>
      runVitest(
        testFiles().filter((file) => suiteOf(file) === suite),
        MANNERS[suite],
        limits,
      ),
  })),
];

/** Every test file of the repository, as a path below its root. */
export function testFiles(): string[] {
  return globSync('{packages,services,test}/**/*.test.ts', {
    cwd: ROOT,
    exclude: (path) => path.includes('node_modules'),
  }).sort();
}
