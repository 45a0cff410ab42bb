import type { ComponentSnapshot, IdentifierKey, LoadedState, Micros } from '@kenal/contracts';
import type { Connection } from './connection.ts';
import { keysOf } from './keys.ts';
import { LOAD } from './scripts.ts';

/** Components a script call: bounds how long Redis serves nobody else. */
const COMPONENTS_A_CALL = 100;
/** How often a pointer may be overtaken by a merge between the two round trips before we take what is there. */
const ROUNDS = 4;

/**
 * Pointers and clock in one round trip, components in a second. They may be of different instants: whatever changed
 * between fails the version check of the commit. Only one case needs care: a component that was absorbed between the
 * two. Taken as it looks (version 0) it could be created anew beside the one that has its evidence, so its pointers are
 * read again. One that is still missing was lost (evicted); it is given with version 0, to be built anew.
 */
export async function load(
  { redis, run, within }: Connection,
  workspace: string,
  identifiers: readonly IdentifierKey[],
): Promise<LoadedState> {
  const keys = keysOf(workspace);
  const pointers = new Map<IdentifierKey, string>();
  const components = new Map<string, ComponentSnapshot>();
  let now: Micros | undefined;
  let asked: readonly IdentifierKey[] = identifiers;
  for (let round = 1; round === 1 || (asked.length > 0 && round <= ROUNDS); round += 1) {
    const [time, found] = await within(readPointers(redis, asked.map(keys.pointer)));
    now ??= time;
    const wanted = new Set<string>();
    for (const [i, identifier] of asked.entries()) {
      const component = found[i];
      if (component) {
        pointers.set(identifier, component);
        if (!components.get(component)?.version) wanted.add(component);
      } else pointers.delete(identifier);
    }
    for (const snapshot of await readComponents(run, keys.component, [...wanted]))
      components.set(snapshot.id, snapshot);
    asked = asked.filter((identifier) => {
      const component = pointers.get(identifier);
      return component !== undefined && components.get(component)?.version === 0;
    });
  }
  return { now: now ?? 0, pointers, components: onlyPointedTo(pointers, components) };
}

async function readPointers(
  redis: Connection['redis'],
  pointerKeys: string[],
): Promise<[Micros, readonly (string | null)[]]> {
  const [time, found] = await Promise.all([redis.time(), pointerKeys.length === 0 ? [] : redis.mget(pointerKeys)]);
  return [Number(time[0]) * 1_000_000 + Number(time[1]), found];
}

async function readComponents(
  run: Connection['run'],
  componentKey: (id: string) => string,
  ids: readonly string[],
): Promise<ComponentSnapshot[]> {
  const calls = [];
  for (let i = 0; i < ids.length; i += COMPONENTS_A_CALL)
    calls.push({ keys: ids.slice(i, i + COMPONENTS_A_CALL).map(componentKey), args: [] });
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

function onlyPointedTo(
  pointers: ReadonlyMap<IdentifierKey, string>,
  components: ReadonlyMap<string, ComponentSnapshot>,
): ReadonlyMap<string, ComponentSnapshot> {
  const kept = new Map<string, ComponentSnapshot>();
  for (const id of pointers.values()) if (!kept.has(id)) kept.set(id, components.get(id)!);
  return kept;
}
