import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../test-support.ts';
import { openEngine } from './engine.ts';

it('metadata that the engine cannot read are one sentence with the folder and what to do', async () => {
  await using directory = await temporaryDirectory();
  const metadata = join(directory.path, 'warehouse', 'metadata');
  mkdirSync(metadata, { recursive: true });
  writeFileSync(join(metadata, 'kenal.sql'), 'garbage(');
  const opening = openEngine(directory.path);
  await expect(opening).rejects.toMatchObject({ code: 'data_damaged' });
  await expect(opening).rejects.toThrow(join(directory.path, 'warehouse'));
  await expect(opening).rejects.toThrow(/restore the data directory from a backup/);
});

it('a folder that another process has open is not called damaged, also where our lock of it was removed', async () => {
  await using directory = await temporaryDirectory();
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./engine-child.ts', import.meta.url)), directory.path],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  for (const name of ['owner.lock.sqlite', 'owner.pid']) rmSync(join(directory.path, name));
  const opening = openEngine(directory.path);
  await expect(opening).rejects.toMatchObject({ code: 'data_in_use' });
  await expect(opening).rejects.toThrow(
    `process ${child.pid} has ${join(directory.path, 'warehouse')} open; stop it first`,
  );
  await expect(opening).rejects.not.toThrow(/damaged|move|restore/);
  child.stdin.end();
  await exit;
});
