import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkRings, type RingReport } from './check.ts';
import { rulesOf } from './rules.ts';
import { FOLDERS } from './table.ts';

/** Rule → one file that breaks it, and nothing else: `[path, source]`. */
const PLANTED: Readonly<Record<string, readonly [string, string]>> = {
  'ring-0-imports-ring-0-only': ['packages/contracts/src/a.ts', "import '@kenal/identity';"],
  'ring-1-imports-ring-0-only': [
    'packages/identity/src/b.ts',
    "import type { Y } from '@kenal/state'; export type Z = Y;",
  ],
  'ring-2-imports-no-service': ['packages/service-kit/src/c.ts', "export { x } from '@kenal/collector-web';"],
  'ring-2-not-each-other': ['packages/state/src/d.ts', "import { x } from '@kenal/jobs'; console.log(x);"],
  'beside-packages-collector-kit': ['packages/collector-kit/src/m.ts', "import '@kenal/warehouse';"],
  'service-imports-no-service': ['services/collector-web/src/e.ts', "await import('@kenal/profile-api');"],
  'nobody-imports-ring-4': ['services/profile-api/src/f.ts', "import 'kenal';"],
  'no-node-in-rings-0-and-1': [
    'packages/errors/src/g.ts',
    "import { readFile } from 'node:fs'; console.log(readFile);",
  ],
  'across-packages-by-name': ['packages/jobs/src/h.ts', "import '../../contracts/src/index.ts';"],
  'no-test-code-in-product': ['packages/jobs/src/i.ts', "import './j.test.ts';"],
  resolvable: ['packages/jobs/src/k.ts', "import './nowhere.ts';"],
  declared: ['packages/jobs/src/l.ts', "import 'ioredis';"],
  'every-folder-has-a-ring': ['packages/surprise/package.json', '{}'],
};

const root = mkdtempSync(join(tmpdir(), 'kenal-rings-'));
let report: RingReport;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** A tree with every folder of the table, each package able to import each other one and a few vendors. */
function layOut(): void {
  for (const vendor of ['vitest', 'ioredis', 'left-pad']) {
    write(`node_modules/${vendor}/package.json`, JSON.stringify({ name: vendor, main: 'index.js' }));
    write(`node_modules/${vendor}/index.js`, 'module.exports = {};');
  }
  for (const folder of Object.keys(FOLDERS)) {
    const name = nameOf(folder);
    const dependencies = { 'left-pad': '1', ...(folder === 'packages/jobs' ? {} : { ioredis: '1' }) };
    write(`${folder}/package.json`, JSON.stringify({ name, exports: { '.': './src/index.ts' }, dependencies }));
    write(`${folder}/src/index.ts`, 'export type Y = 1; export const x: number = 1;');
    mkdirSync(dirname(join(root, 'node_modules', name)), { recursive: true });
    symlinkSync(join(root, folder), join(root, 'node_modules', name));
  }
}

function nameOf(folder: string): string {
  return folder === 'services/kenal' ? 'kenal' : `@kenal/${folder.split('/').at(-1)}`;
}

beforeAll(async () => {
  layOut();
  write(
    'packages/jobs/src/j.test.ts',
    "import { test } from 'vitest'; import '../../../test/src/index.ts'; test('x', () => {});",
  );
  write('packages/jobs/src/using.ts', "await using x = (await import('@kenal/state')).x;");
  write('packages/identity/src/fine.ts', "import type { Y } from '@kenal/contracts'; export type W = Y;");
  write('packages/state/src/fine.ts', "import '@kenal/service-kit'; import 'node:fs'; import 'ioredis';");
  for (const [path, source] of Object.values(PLANTED)) write(path, source);
  for (const [folder, { ring }] of Object.entries(FOLDERS))
    if (ring < 4) write(`${folder}/src/vendor.ts`, "import 'left-pad';");
  report = await checkRings(root);
});

afterAll(() => rmSync(root, { recursive: true }));

test.each(Object.entries(PLANTED))('a planted violation of %s is caught', (rule, [path]) => {
  const from = rule === 'every-folder-has-a-ring' ? dirname(path) : path;
  expect(report.violations.filter((violation) => violation.rule === rule).map((violation) => violation.from)).toContain(
    from,
  );
});

test.each(Object.keys(FOLDERS).filter((folder) => FOLDERS[folder]!.ring < 4))(
  'a vendor that is not in the list of %s is caught',
  (folder) => {
    const vendors = report.violations.filter(({ rule }) => rule === `vendors-of-${folder.replace('/', '-')}`);
    expect(vendors.map(({ from }) => from)).toContain(`${folder}/src/vendor.ts`);
  },
);

test('every rule has a planted violation', () => {
  const general = rulesOf(FOLDERS)
    .map(({ name }) => name)
    .filter((name) => !name?.startsWith('vendors-of-'));
  expect([...general, 'every-folder-has-a-ring'].sort()).toEqual(Object.keys(PLANTED).sort());
});

test('imports inside a using declaration are seen', () => {
  const imports = report.violations.filter(({ from }) => from === 'packages/jobs/src/using.ts').map(({ to }) => to);
  expect(imports).toEqual(['packages/state/src/index.ts']);
});

test('imports that the architecture allows are not reported, tests may import more', () => {
  const sources = report.violations.map(({ from }) => from);
  expect(sources.filter((from) => from.includes('fine.ts') || from.endsWith('.test.ts'))).toEqual([]);
});
