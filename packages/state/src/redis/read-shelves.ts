import type { IdentifierKey, Shelf, ShelfQuery } from '@kenal/contracts';
import { shelfEntry } from '../shelving.ts';
import type { Connection } from './connection.ts';
import type { WorkspaceKeys } from './keys.ts';
import { SHELF } from './scripts.ts';

/** Pointers a command: bounds how long Redis serves nobody else. */
const POINTERS_A_COMMAND = 1_000;

/** Shelves in one round trip, the pointers of their leaves in a second; none where none is asked for. */
export async function readShelves(
  { redis, run, within }: Connection,
  keys: WorkspaceKeys,
  queries: readonly ShelfQuery[],
): Promise<ReadonlyMap<IdentifierKey, Shelf>> {
  const calls = queries.map(({ centre, limit }) => ({ keys: [keys.shelf(centre)], args: [limit] }));
  const replies = (await run(SHELF, calls)) as [size: number, leavesAndRanks: string[]][];
  const leaves = [...new Set(replies.flatMap(([, flat]) => flat.filter((_, i) => i % 2 === 0)))];
  const commands = [];
  for (let i = 0; i < leaves.length; i += POINTERS_A_COMMAND)
    commands.push(redis.mget(leaves.slice(i, i + POINTERS_A_COMMAND).map(keys.pointer)));
  const found = (await within(Promise.all(commands))).flat();
  const records = new Map(leaves.map((leaf, i) => [leaf, found[i]]));
  return new Map(
    queries.map(({ centre }, q) => {
      const [size, flat] = replies[q]!;
      const entries = [];
      for (let i = 0; i < flat.length; i += 2)
        entries.push(shelfEntry(centre, flat[i]!, Number(flat[i + 1]), records.get(flat[i]!)));
      return [centre, { entries, size }];
    }),
  );
}
