import { existsSync, globSync } from 'node:fs';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { teachUsingDeclarations } from './parser.ts';
import { rulesOf } from './rules.ts';
import { FOLDERS, type Folder } from './table.ts';

teachUsingDeclarations();

export interface RingReport {
  /** Files of ours that were read and have at least one import. 0 would mean that the parser reads nothing. */
  readonly modulesWithImports: number;
  readonly imports: number;
  readonly violations: readonly { readonly rule: string; readonly from: string; readonly to: string }[];
}

/**
 * Read every import below `root` and hold it against the table.
 * The parser is swc: with TypeScript 7 installed dependency-cruiser's own parser silently reads nothing.
 */
export async function checkRings(
  root: string,
  folders: Readonly<Record<string, Folder>> = FOLDERS,
): Promise<RingReport> {
  const present = Object.keys(folders).filter((folder) => existsSync(`${root}/${folder}`));
  const { output } = await cruise(
    present,
    {
      baseDir: root,
      parser: 'swc',
      tsPreCompilationDeps: true,
      combinedDependencies: false,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '(^|/)node_modules/\\.cache|(^|/)dist/' },
      validate: true,
      ruleSet: { forbidden: rulesOf(folders) },
    },
    { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], bustTheCache: true } as never,
  );
  return summarise(output as ICruiseResult, unlisted(root, folders));
}

function summarise(result: ICruiseResult, missing: readonly string[]): RingReport {
  const ours = result.modules.filter((module) => !module.source.includes('node_modules/'));
  return {
    modulesWithImports: ours.filter((module) => module.dependencies.length > 0).length,
    imports: ours.reduce((sum, module) => sum + module.dependencies.length, 0),
    violations: [
      ...result.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
      ...missing.map((folder) => ({
        rule: 'every-folder-has-a-ring',
        from: folder,
        to: 'test/support/rings/table.ts',
      })),
    ],
  };
}

/** Workspace folders that have no line in the table. */
function unlisted(root: string, folders: Readonly<Record<string, Folder>>): string[] {
  const found = globSync(['{packages,services}/*/package.json', '{schemas,test}/package.json'], { cwd: root });
  return found.map((file) => file.slice(0, -'/package.json'.length)).filter((folder) => !(folder in folders));
}
