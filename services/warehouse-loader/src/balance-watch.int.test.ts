import { createLogger, createMetrics } from '@kenal/service-kit';
import { openEmbeddedWarehouse } from '@kenal/warehouse';
import { expect, test } from 'vitest';
import { createBalanceWatch } from './balance-watch.ts';
import { config, temporaryDirectory, WORKSPACE } from './test-support.ts';

/** Ten minutes ago, microseconds: what is not stored by now is not under way. */
const AT = (Math.floor(Date.now() / 60_000) - 10) * 60_000_000;
const minute = AT / 1e6;
const at = { workspace: WORKSPACE, source: 'web', minute, collector: 'c1' };

// Promise 6 of architecture.md: each of the three is named, source by source, by the metric that alarms hang on.
test('a deleted row, a lost record and a row added by hand each raise the alarm, and mended they end it', async () => {
  await using directory = await temporaryDirectory();
  const warehouse = await openEmbeddedWarehouse(directory.path);
  await warehouse.migrate();
  const metrics = createMetrics();
  const logger = createLogger({ name: 'loader', level: 'silent' });
  const watch = createBalanceWatch({ warehouse, config, clock: () => AT, metrics, logger });
  const row = (message_id: string, receipt_sequence: number) => ({
    ...{ workspace: WORKSPACE, source: 'web', message_id, type: 'track', received_at: AT, occurred_at: AT },
    ...{ receipt_collector: 'c1', receipt_sequence, ver: 1 },
  });
  const receipt = (message_id: string, sequence: number) => ({
    ...at,
    sequence,
    refused: 0,
    message_id,
    content_hash: 7,
  });
  const counted = (received: number) => ({ ...at, received, acknowledged: received, counted_at: AT });
  const alarm = async (): Promise<string | undefined> => {
    await watch.now();
    const { text } = await metrics.render();
    return /kenal_balance_difference_copies\{workspace="shop",source="web"\} (\S+)/.exec(text)?.[1];
  };

  await warehouse.insert('kenal.interaction_rows', [row('a', 1), row('b', 2)]);
  await warehouse.insert('kenal.receipts', [receipt('a', 1), receipt('b', 2)]);
  await warehouse.insert('kenal.receipt_counts', [counted(2)]);
  expect(await alarm()).toBe('0');
  await warehouse.raw(
    "DELETE FROM kenal.interaction_rows WHERE message_id = 'b' SETTINGS lightweight_deletes_sync = 2",
    {
      role: 'writer',
    },
  );
  expect(await alarm()).toBe('1');
  await warehouse.insert('kenal.interaction_rows', [row('b', 2)]);
  expect(await alarm()).toBe('0');
  await warehouse.insert('kenal.receipt_counts', [counted(3)]);
  expect(await alarm()).toBe('1');
  await warehouse.insert('kenal.receipts', [receipt('b', 3)]);
  expect(await alarm()).toBe('0');
  await warehouse.insert('kenal.interaction_rows', [row('forged', 99)]);
  expect(await alarm()).toBe('1');
  await warehouse.close();
});
