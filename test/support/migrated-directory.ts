import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { madeOnce } from './made-once.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** A process of its own: this one may have an engine open already, or open none. */
const MAKER = fileURLToPath(new URL('migrate-directory.ts', import.meta.url));
/** What decides what `migrate()` makes of an empty directory; package.json names the engine. */
const SOURCES = /\.sql$|^package\.json$|(?<!\.test)\.ts$/;

/** A new data directory whose warehouse has all tables and views, with nothing in them: a copy of one that was migrated. */
export async function migratedDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kenal-migrated-'));
  await run('cp', ['-RP', join(await migrated(), 'warehouse'), directory]);
  return directory;
}

/** The one that is copied; made where there is none yet. */
export async function migrated(): Promise<string> {
  const sources = await Promise.all(['infra/clickhouse/migrations', 'packages/warehouse'].map(filesOf));
  return madeOnce('warehouse', [await readFile(MAKER), ...sources.flat()], async (folder) => {
    await run(process.execPath, [MAKER, folder]);
  });
}

async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(join(ROOT, folder), { recursive: true });
  const chosen = names.filter((name) => SOURCES.test(name) && !name.startsWith('node_modules')).sort();
  const texts = chosen.map(async (name) => `${name} ${await readFile(join(ROOT, folder, name), 'utf8')}`);
  return Promise.all(texts);
}
