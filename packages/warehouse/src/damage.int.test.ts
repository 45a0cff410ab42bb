import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { damageOf, openWarehouse } from './index.ts';
import { receiptRow, temporaryMigrated } from './test-support.ts';

it('names the parts that the engine set aside as broken, and says what to do', async () => {
  await using directory = await temporaryMigrated();
  const before = await openWarehouse({ dataDir: directory.path });
  await before.migrate();
  await before.insert('kenal.receipts', [receiptRow('a', 1)]);
  expect(await damageOf(before)).toBeNull();
  await before.close();

  const root = join(directory.path, 'warehouse');
  const files = await readdir(root, { recursive: true });
  const part = dirname(files.find((file) => /\/202405_\d+_\d+_\d+\/checksums\.txt$/.test(file))!);
  await writeFile(join(root, part, 'checksums.txt'), 'no checksums');

  const after = await openWarehouse({ dataDir: directory.path });
  expect(await after.query('SELECT count() AS n FROM kenal.receipts', { role: 'writer' })).toEqual([{ n: 0 }]);
  expect(await damageOf(after)).toMatch(/^broken parts were set aside \(1 of receipts\).*delete the warehouse/);
  await after.close();
});
