import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kenalConfigSchema } from '@kenal/contracts';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(`${ROOT}/README.md`, 'utf8');

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  /** Of options that people name themselves: what each of them takes. */
  readonly additionalProperties?: JsonSchema | boolean;
}

/** `workspaces`, `workspaces.id`, `workspaces.sources.keys.key` … in the order of the schema. */
function optionsOf(schema: JsonSchema, prefix = ''): string[] {
  const named = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : schema;
  const inside = schema.items ?? named;
  return Object.entries(inside.properties ?? {}).flatMap(([name, option]) => [
    `${prefix}${name}`,
    ...optionsOf(option, `${prefix}${name}.`),
  ]);
}

test('the README lists every option of kenal.yaml, and no other', () => {
  const listed = [...readme.matchAll(/^\| `(workspaces[\w.]*)`/gm)].map(([, option]) => option);
  const schema = kenalConfigSchema.toJSONSchema({ io: 'input', unrepresentable: 'any' }) as JsonSchema;
  expect(listed.sort()).toEqual(optionsOf(schema).sort());
});

test('every npm script, file and folder that README and CONTRIBUTING name is there', () => {
  const text = readme + readFileSync(`${ROOT}/CONTRIBUTING.md`, 'utf8');
  const { scripts } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as { scripts: Record<string, string> };
  const run = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
  expect(run.filter((name) => scripts[name] === undefined)).toEqual([]);
  const paths = [...text.matchAll(/`((?:packages|services|test|infra|schemas|\.ci)(?:\/[\w.*/-]+)?)`/g)].map(
    ([, path]) => path!,
  );
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !existsSync(`${ROOT}/${path}`) && globSync(path, { cwd: ROOT }).length === 0)).toEqual(
    [],
  );
});

test('every package, service and folder of code has a README, that of a package standing above its src', () => {
  const files = globSync('{packages,services,test}/**/*.ts', {
    cwd: ROOT,
    exclude: (name) => ['node_modules', 'dist'].includes(name),
  });
  const folders = new Set(files.map((file) => dirname(file).replace(/\/src$/, '')));
  expect(folders.size).toBeGreaterThan(50);
  expect([...folders].filter((folder) => !existsSync(`${ROOT}/${folder}/README.md`))).toEqual([]);
});
