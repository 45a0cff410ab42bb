import type { ComponentSnapshot } from '@kenal/contracts';
import type { Connection } from './connection.ts';
import type { WorkspaceKeys } from './keys.ts';
import { LOAD } from './scripts.ts';

/** Components a script call: bounds how long Redis serves nobody else. */
const COMPONENTS_A_CALL = 100;

interface Read {
  /** In the order of the ids; version 0 for one that is not there. */
  readonly components: readonly ComponentSnapshot[];
  /** The workspace's count of moves when the last of them was read. */
  readonly moves: string | null;
}

/** One round trip. */
export async function readComponents({ run }: Connection, keys: WorkspaceKeys, ids: readonly string[]): Promise<Read> {
  const calls = [];
  for (let i = 0; i === 0 || i < ids.length; i += COMPONENTS_A_CALL) {
    const names = ids.slice(i, i + COMPONENTS_A_CALL).map(keys.component);
    calls.push({ keys: [keys.processed, ...names], args: [] });
  }
  const replies = (await run(LOAD, calls)) as [moves: string | null, components: string][];
  const components: ComponentSnapshot[] = [];
  for (const [, json] of replies)
    for (const flat of listIn(JSON.parse(json) as FlatFields[]))
      components.push(snapshot(ids[components.length]!, listIn(flat)));
  return { components, moves: replies.at(-1)![0] };
}

/** Names and values in turn. */
type FlatFields = readonly string[];

/** Lua does not tell an empty list from an empty map. */
function listIn<T>(found: readonly T[] | object): readonly T[] {
  return Array.isArray(found) ? found : [];
}

function snapshot(id: string, flat: readonly string[]): ComponentSnapshot {
  const fields = new Map<string, string>();
  let version = 0;
  for (let i = 0; i < flat.length; i += 2) {
    if (flat[i] === '') version = Number(flat[i + 1]);
    else fields.set(flat[i]!, flat[i + 1]!);
  }
  return { id, version, fields };
}
