import { rm } from 'node:fs/promises';
import { type OpenWarehouseOptions, openWarehouse, type Warehouse } from '@kenal/warehouse';
import { createChdbServer } from '@kenal/warehouse/chdb-server';
import { migratedDirectory } from '../../../../test/support/migrated-directory.ts';

export interface TestWarehouse extends AsyncDisposable {
  readonly warehouse: Warehouse;
}

/** `embedded`: chDB in this process; `server`: the same behind HTTP, as services of their own reach it. */
export type Place = 'embedded' | 'server';

/** An engine of its own with all migrations, gone when disposed. */
export async function openTestWarehouse(place: Place = 'embedded'): Promise<TestWarehouse> {
  const resources = new AsyncDisposableStack();
  const dataDir = await migratedDirectory();
  resources.defer(() => rm(dataDir, { recursive: true, force: true }));
  const where = place === 'embedded' ? { dataDir } : await startServer(resources, dataDir);
  const warehouse = await openWarehouse(where);
  resources.defer(() => warehouse.close());
  await warehouse.migrate();
  return { warehouse, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

async function startServer(resources: AsyncDisposableStack, dataDir: string): Promise<OpenWarehouseOptions> {
  const server = await createChdbServer({ dataDir, password: 'test', port: 0 });
  resources.defer(() => server.close());
  return { clickhouseUrl: server.url, clickhouseUser: 'kenal', clickhousePassword: 'test' };
}

/** A row of kenal.interaction_rows; what is not said is empty. */
export function interactionRow(
  workspace: string,
  messageId: string,
  more: Readonly<Record<string, unknown>> = {},
): object {
  return {
    workspace,
    source: 'web',
    message_id: messageId,
    channel: 'web',
    direction: 'inbound',
    type: 'track',
    name: 'Product Viewed',
    occurred_at: '2026-03-01 10:00:00.000000',
    received_at: '2026-03-01 10:00:01.000000',
    owner: 'user_id:u1',
    profile_id: 'p1',
    ver: 1,
    traits: {},
    properties: {},
    context: {},
    extra: {},
    ...more,
  };
}
