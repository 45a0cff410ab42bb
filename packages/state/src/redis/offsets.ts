import type { ProcessedOffset } from '@kenal/contracts';
import { faults } from '../faults.ts';
import type { Connection } from './connection.ts';
import { keysOf } from './keys.ts';
import { ADVANCE } from './scripts.ts';

/** Raise processed offsets: one script call a workspace, one round trip in all. */
export async function advance({ run }: Connection, offsets: readonly ProcessedOffset[]): Promise<readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [place, { workspace }] of offsets.entries()) {
    const list = places.get(workspace);
    if (list) list.push(place);
    else places.set(workspace, [place]);
  }
  const calls = [...places].map(([workspace, list]) => ({
    keys: [keysOf(workspace).processed],
    args: list.flatMap((place) => {
      const { partition, offset, atLeast = -1 } = offsets[place]!;
      return [partition, offset, atLeast];
    }),
  }));
  const replies = (await run(ADVANCE, calls)) as number[][];
  const before: number[] = new Array(offsets.length);
  for (const [call, list] of [...places.values()].entries())
    for (const [n, place] of list.entries()) before[place] = replies[call]![n]!;
  return before;
}

export async function processed(
  { redis, within }: Connection,
  workspaces: readonly string[],
  partitions: readonly number[],
): Promise<readonly ProcessedOffset[]> {
  if (workspaces.length === 0 || partitions.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const workspace of workspaces) pipeline.hmget(keysOf(workspace).processed, ...partitions.map(String));
  const replies = (await within(pipeline.exec())) ?? [];
  return workspaces.flatMap((workspace, w) => {
    const [error, values] = replies[w]!;
    if (error) throw faults.unavailable(error);
    return partitions.map((partition, p) => ({
      workspace,
      partition,
      offset: Number((values as (string | null)[])[p] ?? -1),
    }));
  });
}
