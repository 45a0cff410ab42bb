import { join } from 'node:path';
import type { IdentityState } from '@kenal/contracts';
import { faults } from '../faults.ts';
import { DEFAULT_LEASE_MS } from '../lease.ts';
import { createComponents } from './components.ts';
import { openDatabase } from './database.ts';
import { createOffsets } from './offsets.ts';
import { createRelay } from './outbox.ts';

export interface EmbeddedStateOptions {
  /** Kenal's data directory; the file is `state/identity.db` in it. */
  readonly dataDir: string;
  /** Milliseconds; default 10 s. */
  readonly leaseMs?: number | undefined;
}

/**
 * The identity state in one SQLite file that several threads and processes may have open.
 * Work is done on the calling thread without waiting for the disk (see `openDatabase`); the resolver has a thread of its own.
 * @throws KenalError `unavailable` where the file cannot be opened
 */
export async function openEmbeddedState(options: EmbeddedStateOptions): Promise<IdentityState> {
  const db = openDatabase(join(options.dataDir, 'state', 'identity.db'));
  const components = createComponents(db);
  const offsets = createOffsets(db);
  const relay = createRelay(db, options.leaseMs ?? DEFAULT_LEASE_MS);
  return {
    load: async (workspace, identifiers, shelves) =>
      faults.attempt(() => components.load(workspace, identifiers, shelves)),
    commit: async (workspace, commits, fence) => faults.attempt(() => components.commit(workspace, commits, fence)),
    anchor: async (workspace, profileId) => faults.attempt(() => components.anchor(workspace, profileId)),
    scan: async (workspace, cursor) => faults.attempt(() => components.scan(workspace, cursor)),
    advance: async (raises) => faults.attempt(() => offsets.advance(raises)),
    processed: async (workspaces, partitions) => faults.attempt(() => offsets.processed(workspaces, partitions)),
    relay,
    async close() {
      if (db.isOpen) db.close();
    },
  };
}
