import { join } from 'node:path';
import type { CandidateIndex } from '@kenal/contracts';
import { openSqlite } from '@kenal/storage-kit/sqlite';
import { DEFAULT_BLOCK_LIMIT } from '../block.ts';
import { faults } from '../faults.ts';
import { SCHEMA } from './schema.ts';
import { createStore } from './store.ts';

export interface EmbeddedCandidateOptions {
  /** Kenal's data directory; the file is `state/candidates.db` in it. */
  readonly dataDir: string;
  readonly blockLimit?: number | undefined;
}

// Nothing here cannot be filled again, so a commit waits for no disk
const PRAGMAS = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768;';
const WITHOUT = 'the next pass of `kenal identity link` fills it again';

/** The candidate index in one SQLite file. @throws KenalError `unavailable`, `data_damaged` */
export async function openEmbeddedCandidates(options: EmbeddedCandidateOptions): Promise<CandidateIndex> {
  const path = join(options.dataDir, 'state', 'candidates.db');
  const db = faults.attempt(() => openSqlite({ path, pragmas: PRAGMAS, tables: SCHEMA, without: WITHOUT }));
  const store = createStore(db, options.blockLimit ?? DEFAULT_BLOCK_LIMIT);
  return {
    begin: async (workspace, model) => faults.attempt(() => store.begin(workspace, model)),
    models: async (workspace) => faults.attempt(() => store.models(workspace)),
    put: async (workspace, model, records) => faults.attempt(() => store.put(workspace, model, records)),
    look: async (workspace, model, keys) => faults.attempt(() => store.look(workspace, model, keys)),
    late: async (workspace, model, limit) => faults.attempt(() => store.late(workspace, model, limit)),
    retain: async (workspace, models) => faults.attempt(() => store.retain(workspace, models)),
    async close() {
      if (db.isOpen) db.close();
    },
  };
}
