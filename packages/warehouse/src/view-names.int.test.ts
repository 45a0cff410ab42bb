import { expect, test } from 'vitest';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { openEmbeddedWarehouse } from './open-warehouse.ts';
import { viewNames } from './view-names.ts';

test('the views that are read from the migrations are those that the database has and that take no parameters', async () => {
  const warehouse = await openEmbeddedWarehouse(await migratedDirectory());
  const found = await warehouse.query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = 'kenal' AND engine = 'View' AND NOT match(create_table_query, '[{]\\\\w+:')`,
  );
  await warehouse.close();
  expect([...viewNames()].sort()).toEqual(found.map(({ name }) => name).sort());
});
