import type { IRegularForbiddenRuleType } from 'dependency-cruiser';
import { type Folder, SHARED_KITS, TEST_CODE } from './table.ts';

/**
 * The table as rules for dependency-cruiser. Paths are relative to the root, `packages/state/src/index.ts`;
 * a package of npm lies at `node_modules/.pnpm/zod@4.6.7/node_modules/zod/…`.
 */
export function rulesOf(folders: Readonly<Record<string, Folder>>): IRegularForbiddenRuleType[] {
  return [...ringRules(folders), ...pathRules(folders), ...vendorRules(folders)];
}

function ringRules(folders: Readonly<Record<string, Folder>>): IRegularForbiddenRuleType[] {
  const ring = (...rings: number[]): string =>
    within(Object.keys(folders).filter((f) => rings.includes(folders[f]!.ring)));
  return [
    forbid('ring-0-imports-ring-0-only', { path: ring(0) }, { path: ring(1, 2, 3, 4) }),
    forbid('ring-1-imports-ring-0-only', { path: ring(1) }, { path: ring(1, 2, 3, 4), pathNot: '^$1/' }),
    forbid('ring-2-imports-no-service', { path: ring(2) }, { path: ring(3, 4) }),
    ...besideRules(folders, ring(2)),
    forbid('service-imports-no-service', { path: ring(3) }, { path: ring(3), pathNot: '^$1/' }),
    forbid('nobody-imports-ring-4', { path: ring(0, 1, 2, 3) }, { path: ring(4) }),
    forbid('no-node-in-rings-0-and-1', { path: ring(0, 1) }, { dependencyTypes: ['core'] }),
  ];
}

/** Those with a `beside` of their own have a rule of their own. */
function besideRules(folders: Readonly<Record<string, Folder>>, ring2: string): IRegularForbiddenRuleType[] {
  const special = Object.entries(folders).filter(([, { beside }]) => beside !== undefined);
  const allowed = ['^$1/', ...SHARED_KITS.map((kit) => `^${kit}/`)];
  return [
    forbid(
      'ring-2-not-each-other',
      { path: ring2, pathNot: special.map(([path]) => `^${path}/`) },
      { path: ring2, pathNot: allowed },
    ),
    ...special.map(([path, { beside = [] }]) =>
      forbid(
        `beside-${path.replace('/', '-')}`,
        { path: `^(${path})/` },
        { path: ring2, pathNot: [...allowed, ...beside.map((folder) => `^${folder}/`)] },
      ),
    ),
  ];
}

function pathRules(folders: Readonly<Record<string, Folder>>): IRegularForbiddenRuleType[] {
  const all = within(Object.keys(folders));
  return [
    forbid(
      'across-packages-by-name',
      { path: all },
      { path: all, pathNot: '^$1/', dependencyTypes: ['local'], dependencyTypesNot: ['aliased'] },
    ),
    // `test` belongs to no product code: what it shares lies in test/support and only tests load it.
    forbid('no-test-code-in-product', { path: all, pathNot: '^services/kenal/' }, { path: TEST_CODE }),
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    forbid('declared', { path: all }, { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] }),
  ];
}

function vendorRules(folders: Readonly<Record<string, Folder>>): IRegularForbiddenRuleType[] {
  return Object.entries(folders)
    .filter(([, folder]) => folder.ring < 4)
    .map(([path, { vendors }]) =>
      forbid(
        `vendors-of-${path.replace('/', '-')}`,
        { path: `^${path}/` },
        vendors.length === 0
          ? { path: 'node_modules/' }
          : { path: 'node_modules/', pathNot: `node_modules/(${vendors.join('|')})/` },
      ),
    );
}

/** A rule for product code. */
function forbid(
  name: string,
  from: IRegularForbiddenRuleType['from'],
  to: IRegularForbiddenRuleType['to'],
): IRegularForbiddenRuleType {
  const not = [from.pathNot ?? [], TEST_CODE].flat();
  return { name, severity: 'error', from: { ...from, pathNot: not }, to };
}

/** Matches files of any of the folders; `$1` of a rule's other side is the folder. */
function within(folders: readonly string[]): string {
  return `^(${folders.join('|')})/`;
}
