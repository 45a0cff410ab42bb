import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyErased } from './erased.ts';
import { openWarehouse, type Warehouse } from './index.ts';
import { applyOverrides } from './overrides.ts';
import { interactionRow, temporaryMigrated, WORKSPACE } from './test-support.ts';
import { warehouseContract } from './warehouse.contract.ts';

describe('chDB in process', () => {
  let directory: Awaited<ReturnType<typeof temporaryMigrated>>;
  let warehouse: Warehouse;
  beforeAll(async () => {
    directory = await temporaryMigrated();
    warehouse = await openWarehouse({ dataDir: directory.path });
    await warehouse.migrate();
  });
  afterAll(async () => {
    await warehouse.close();
    await directory[Symbol.asyncDispose]();
  });

  warehouseContract(() => warehouse);

  it('shows merges after a restart too, and nobody who was erased', async () => {
    const row = interactionRow('kept', { owner: 'anonymous_id:k', profile_id: 'before', ver: 10 });
    const gone = interactionRow('gone', { owner: 'anonymous_id:g', profile_id: 'gone', ver: 10 });
    await warehouse.insert('kenal.interaction_rows', [row, gone]);
    await applyErased(warehouse, [{ workspace: WORKSPACE, key: 'anonymous_id:g', ver: 20 }]);
    await applyOverrides(warehouse, [{ workspace: WORKSPACE, owner: 'anonymous_id:k', profileId: 'after', ver: 20 }]);
    await warehouse.close();
    warehouse = await openWarehouse({ dataDir: directory.path });
    const rows = await warehouse.query(
      "SELECT profile_id AS p FROM kenal.interactions WHERE message_id IN ('kept', 'gone')",
      {
        workspace: WORKSPACE,
      },
    );
    expect(rows).toEqual([{ p: 'after' }]);
  });

  it('refuses what comes after close', async () => {
    const late = warehouse.query('SELECT 1');
    await warehouse.close();
    await late;
    await expect(warehouse.query('SELECT 1')).rejects.toMatchObject({ code: 'unavailable' });
    warehouse = await openWarehouse({ dataDir: directory.path });
  });
});
