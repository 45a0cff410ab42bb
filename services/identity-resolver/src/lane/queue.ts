import type { Places } from '@kenal/identity';
import { createIndex, type Entry } from './entries.ts';

/** Items that hang on the same components, to be worked on together. */
export interface Due<T> {
  readonly workspace: string;
  readonly items: readonly T[];
}

/**
 * What waits in the lane. Who hangs on something that is worked on, waits or rests there joins it. A component that was
 * worked on rests for a while: it costs as much for one item as for all that came meanwhile, and another process that is
 * long at it needs a moment in which nobody writes it.
 */
export interface Queue<T> {
  /** Whether an identifier is one of those that are named there. */
  holds(workspace: string, keys: Iterable<string>): boolean;
  isAt(workspace: string, components: Iterable<string>): boolean;
  add(workspace: string, items: readonly T[], places: Places): void;
  /** What is worked on hangs on these as well. */
  reaches(workspace: string, places: Places): void;
  /** The next that is due, until it is told to be `done` or `failed`; null where none is. One at a time. */
  next(): Due<T> | null;
  done(): void;
  /** @param againMs when to come again */
  failed(againMs: number): void;
  /** Milliseconds until something is due, as far as is known now. */
  readonly dueIn: number;
  /** Keep those that are still wanted. */
  keep(isWanted: (item: T) => boolean): void;
}

/** @param now milliseconds of a clock that never goes back */
export function createQueue<T>(restMs: number, now: () => number): Queue<T> {
  let entries: Entry<T>[] = [];
  const index = createIndex<T>(isAlive);
  let working: { readonly entry: Entry<T>; readonly items: readonly T[] } | null = null;

  /** Somebody waits for it, or it has not rested yet. */
  function isAlive(entry: Entry<T>): boolean {
    return entry === working?.entry || entry.items.length > 0 || entry.dueAt > now();
  }

  /** Who hangs on two makes them one, so that nobody is worked on before those that they hang on. */
  function join(names: readonly string[]): Entry<T> | undefined {
    const found = new Set(names.flatMap((name) => index.find([name]) ?? []));
    const entry = working !== null && found.has(working.entry) ? working.entry : [...found][0];
    for (const other of found) if (entry !== undefined && other !== entry) index.moveInto(entry, other);
    entries = entries.filter((one) => one === entry || !found.has(one));
    return entry;
  }

  function dropDead(): void {
    const dead = entries.filter((entry) => !isAlive(entry));
    if (dead.length === 0) return;
    for (const entry of dead) index.forget(entry, [...entry.places, ...entry.rests]);
    entries = entries.filter(isAlive);
  }

  function end(dueAt: number): void {
    if (working !== null) working.entry.dueAt = dueAt;
    working = null;
  }

  return {
    holds: (workspace, keys) => index.size > 0 && index.find(namesOf(workspace, NOWHERE, keys)) !== undefined,
    isAt: (workspace, components) =>
      index.size > 0 && index.find(namesOf(workspace, components, NOWHERE)) !== undefined,
    add(workspace, items, places) {
      const names = namesOf(workspace, places.components, places.keys);
      let entry = join(names);
      if (entry === undefined) {
        entry = { workspace, items: [], places: new Set(), rests: new Set(), dueAt: now() };
        entries.push(entry);
      }
      entry.items.push(...items);
      for (const name of names) {
        entry.places.add(name);
        index.set(name, entry);
      }
    },
    reaches(workspace, { components, keys }) {
      if (working === null) return;
      const { entry } = working;
      for (const name of namesOf(workspace, components, keys)) {
        if (index.find([name]) !== undefined) continue;
        entry.rests.add(name);
        index.set(name, entry);
      }
    },
    next() {
      dropDead();
      const waiting = entries.filter(({ items }) => items.length > 0).sort((a, b) => a.dueAt - b.dueAt);
      const [entry] = waiting; // whose turn came first
      if (entry === undefined || entry.dueAt > now()) return null;
      working = { entry, items: entry.items };
      index.forget(
        entry,
        [...entry.rests].filter((name) => !entry.places.has(name)),
      );
      [entry.items, entry.places, entry.rests] = [[], new Set(), entry.places];
      return { workspace: entry.workspace, items: working.items };
    },
    done: () => end(now() + restMs),
    failed(againMs) {
      if (working === null) return;
      const { entry, items } = working;
      entry.items = [...items, ...entry.items];
      entry.places = new Set([...entry.rests, ...entry.places]);
      end(now() + againMs);
    },
    get dueIn() {
      const at = now();
      return Math.min(...entries.filter(({ items }) => items.length > 0).map(({ dueAt }) => Math.max(0, dueAt - at)));
    },
    keep(isWanted) {
      for (const entry of entries) entry.items = entry.items.filter(isWanted);
    },
  };
}

const NOWHERE: Iterable<string> = [];

/** Of each place one name, in which components and identifiers differ. */
function namesOf(workspace: string, components: Iterable<string>, keys: Iterable<string>): string[] {
  const names: string[] = [];
  for (const id of components) names.push(`${workspace}/${id}`);
  for (const key of keys) names.push(`${workspace}:${key}`);
  return names;
}
