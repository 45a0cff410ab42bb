import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
