import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PACKAGE = fileURLToPath(new URL('../../../packages/client', import.meta.url));
const run = promisify(execFile);

/** The package in a folder of its own, far from the workspace, as `npm pack` and `npm install` put it there. */
export interface Installed {
  /** Files of the tarball. */
  readonly files: readonly string[];
  /** Folder of its modules. */
  readonly dist: string;
  /** Run a module of plain JavaScript there. @returns what it printed @throws Error where it fails */
  script(source: string, env: Readonly<Record<string, string>>): Promise<string>;
  /** Look at the types of a module as a project does that uses the package. @returns what the compiler says; '' for nothing */
  compile(source: string, tsc: string): Promise<string>;
}

export async function installClient(): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'kenal-client-'));
  const npm = (args: readonly string[], cwd: string) => run('npm', [...args, '--loglevel=error'], { cwd });
  const { stdout } = await npm(['pack', '--json', '--pack-destination', folder], PACKAGE);
  const packed = JSON.parse(stdout.slice(stdout.indexOf('['))) as { filename: string; files: { path: string }[] }[];
  const { filename, files } = packed[0]!;
  writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
  await npm(['install', '--offline', '--no-audit', '--no-fund', join(folder, filename)], folder);
  return {
    files: files.map(({ path }) => path),
    dist: join(folder, 'node_modules/@kenal/client/dist'),
    async script(source, env) {
      writeFileSync(join(folder, 'script.js'), source);
      return (await run(process.execPath, ['script.js'], { cwd: folder, env: { ...env } })).stdout;
    },
    async compile(source, tsc) {
      writeFileSync(join(folder, 'use.ts'), source);
      const options = ['--noEmit', '--strict', '--types', '', '--module', 'nodenext', '--target', 'es2022'];
      return run(process.execPath, [tsc, ...options, 'use.ts'], { cwd: folder }).then(
        () => '',
        (fault: { stdout: string }) => fault.stdout,
      );
    },
  };
}

/** Examples of the README: its blocks of JavaScript, in their order. */
export function examples(): readonly string[] {
  return [...readFileSync(join(PACKAGE, 'README.md'), 'utf8').matchAll(/^```js\n(.*?)^```/gms)].map(
    ([, code]) => code!,
  );
}
