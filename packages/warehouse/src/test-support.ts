import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { openWarehouse } from './open-warehouse.ts';
import type { Warehouse } from './warehouse.ts';

/** An empty data directory that goes away with `await using`. */
export async function temporaryDirectory(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'kenal-warehouse-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The same with all tables and views in its warehouse. */
export async function temporaryMigrated(): Promise<{ path: string } & AsyncDisposable> {
  const path = await migratedDirectory();
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export type TestWarehouse = Warehouse & AsyncDisposable;

/** An empty warehouse with all tables and views, on a data directory of its own that goes with it. */
export async function temporaryWarehouse(): Promise<TestWarehouse> {
  const directory = await temporaryMigrated();
  const warehouse = await openWarehouse({ dataDir: directory.path });
  return Object.assign(warehouse, {
    async [Symbol.asyncDispose]() {
      await warehouse.close();
      await directory[Symbol.asyncDispose]();
    },
  });
}

export const WORKSPACE = 'shop';
/** 2024-05-01T12:00:00Z */
export const NOON = 1_714_564_800_000_000;

/** A row of `kenal.interaction_rows`; times are microseconds. */
export function interactionRow(id: string, fields: Readonly<Record<string, unknown>> = {}): object {
  return {
    ...{ workspace: WORKSPACE, source: 'web', message_id: id, type: 'track', name: 'Clicked', channel: 'web' },
    ...{ occurred_at: NOON, received_at: NOON, client_at: NOON, owner: '', profile_id: '', ver: 0 },
    ...{ receipt_collector: 'c1', receipt_sequence: 1 },
    ...fields,
  };
}

export function receiptRow(id: string, sequence: number, fields: Readonly<Record<string, unknown>> = {}): object {
  return {
    ...{ workspace: WORKSPACE, source: 'web', minute: NOON / 1e6, collector: 'c1', sequence, refused: 0 },
    ...{ message_id: id, content_hash: 7 },
    ...fields,
  };
}
