import type { ComponentSnapshot } from '@kenal/contracts';
import type { Connection } from './connection.ts';
import type { WorkspaceKeys } from './keys.ts';
import { LOAD } from './scripts.ts';

/** Components a script call: bounds how long Redis serves nobody else. */
const COMPONENTS_A_CALL = 100;

/** Components in the order of `ids`, in one round trip; version 0 for one that is not there. */
export async function readComponents(
  { run }: Connection,
  keys: WorkspaceKeys,
  ids: readonly string[],
): Promise<ComponentSnapshot[]> {
  const calls = [];
  for (let i = 0; i < ids.length; i += COMPONENTS_A_CALL)
    calls.push({ keys: ids.slice(i, i + COMPONENTS_A_CALL).map(keys.component), args: [] });
  const replies = (await run(LOAD, calls)) as string[][][];
  return replies.flat().map((flat, i) => snapshot(ids[i]!, flat));
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
