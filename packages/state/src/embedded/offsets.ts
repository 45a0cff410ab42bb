import type { DatabaseSync } from 'node:sqlite';
import type { ProcessedOffset } from '@kenal/contracts';
import { transaction } from '@kenal/storage-kit/sqlite';

/** Processed offsets: a monotone maximum per workspace and partition. */
export function createOffsets(db: DatabaseSync) {
  const get = db.prepare('SELECT "offset" FROM processed WHERE workspace = ? AND "partition" = ?');
  get.setReturnArrays(true);
  const raise = db.prepare('INSERT OR REPLACE INTO processed (workspace, "partition", "offset") VALUES (?, ?, ?)');

  const current = (workspace: string, partition: number): number =>
    (get.get(workspace, partition) as unknown as [number] | undefined)?.[0] ?? -1;

  return {
    advance: (offsets: readonly ProcessedOffset[]): number[] =>
      transaction(db, 'IMMEDIATE', () =>
        offsets.map(({ workspace, partition, offset, atLeast = -1 }) => {
          const before = current(workspace, partition);
          if (offset > before && before >= atLeast) raise.run(workspace, partition, offset);
          return before;
        }),
      ),
    processed: (workspaces: readonly string[], partitions: readonly number[]): ProcessedOffset[] =>
      workspaces.flatMap((workspace) =>
        partitions.map((partition) => ({ workspace, partition, offset: current(workspace, partition) })),
      ),
  };
}
