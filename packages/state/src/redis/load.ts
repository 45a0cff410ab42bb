import type { ComponentSnapshot, IdentifierKey, LoadedState, Micros } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Connection } from './connection.ts';
import { keysOf } from './keys.ts';
import { LOAD } from './scripts.ts';

/** Components a script call: bounds how long Redis serves nobody else. */
const COMPONENTS_A_CALL = 100;
/** How often a pointer may be overtaken by merges between two round trips before we leave it to the caller's retry. */
const ROUNDS = 100;

/**
 * Pointers and clock in one round trip, components in a second. They may be of different instants: whatever changed
 * between fails the version check of the commit. Only one case needs care: a component that was absorbed between the
 * two. Taken as it looks (version 0) it would be created anew beside the one that has its evidence, so its pointers are
 * read again. A pointer that still names it then has lost it (evicted), since whoever absorbs moves the pointers too:
 * such a component is given with version 0, to be built anew.
 */
export async function load(
  connection: Connection,
  workspace: string,
  identifiers: readonly IdentifierKey[],
): Promise<LoadedState> {
  const keys = keysOf(workspace);
  const pointers = new Map<IdentifierKey, string>();
  const components = new Map<string, ComponentSnapshot>();
  let [now, found] = await connection.within(readPointers(connection.redis, identifiers.map(keys.pointer)));
  let asked = identifiers;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = new Map(pointers);
    for (const [i, identifier] of asked.entries()) {
      if (found[i]) pointers.set(identifier, found[i]);
      else pointers.delete(identifier);
    }
    const wanted = new Set(asked.flatMap((identifier) => pointers.get(identifier) ?? []));
    for (const id of wanted) if (components.get(id)?.version) wanted.delete(id);
    for (const one of await readComponents(connection.run, keys.component, [...wanted])) components.set(one.id, one);
    asked = asked.filter((identifier) => {
      const id = pointers.get(identifier);
      return id !== undefined && components.get(id)?.version === 0 && before.get(identifier) !== id;
    });
    if (asked.length === 0) return { now, pointers, components: onlyPointedTo(pointers, components) };
    [, found] = await connection.within(readPointers(connection.redis, asked.map(keys.pointer)));
  }
  throw new KenalError('unavailable', 'identity state: components were joined faster than they could be read');
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
