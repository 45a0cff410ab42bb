import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';

export interface TestWarehouse extends AsyncDisposable {
  readonly warehouse: Warehouse;
}

/** An engine of its own with all migrations, gone when disposed. */
export async function openTestWarehouse(): Promise<TestWarehouse> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-profile-api-'));
  const warehouse = await openWarehouse({ dataDir });
  await warehouse.migrate();
  return {
    warehouse,
    [Symbol.asyncDispose]: async () => {
      await warehouse.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
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
