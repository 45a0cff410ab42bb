import type { Places } from '@kenal/identity';

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
  holds(workspace: string, places: Places): boolean;
  add(workspace: string, items: readonly T[], places: Places): void;
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

interface Entry<T> {
  readonly workspace: string;
  items: T[];
  /** Places of the items that wait. */
  places: Set<string>;
  /** Places of what is worked on, or was and rests. */
  rests: ReadonlySet<string>;
  dueAt: number;
}

const NOWHERE: ReadonlySet<string> = new Set();

/** @param now milliseconds of a clock that never goes back */
export function createQueue<T>(restMs: number, now: () => number): Queue<T> {
  let entries: Entry<T>[] = [];
  let working: { readonly entry: Entry<T>; readonly items: readonly T[] } | null = null;

  function find(workspace: string, names: ReadonlySet<string>): Entry<T> | undefined {
    drop();
    return entries.find((entry) => entry.workspace === workspace && meets(entry, names));
  }

  /** Those that nobody waits for and that have rested. */
  function drop(): void {
    const at = now();
    entries = entries.filter((entry) => entry === working?.entry || entry.items.length > 0 || entry.dueAt > at);
  }

  function end(dueAt: number): void {
    if (working !== null) working.entry.dueAt = dueAt;
    working = null;
  }

  return {
    holds: (workspace, places) => entries.length > 0 && find(workspace, namesOf(places)) !== undefined,
    add(workspace, items, places) {
      const names = namesOf(places);
      const entry = find(workspace, names);
      if (entry === undefined)
        entries.push({ workspace, items: [...items], places: names, rests: NOWHERE, dueAt: now() });
      else {
        entry.items.push(...items);
        for (const name of names) entry.places.add(name);
      }
    },
    next() {
      drop();
      const at = now();
      const waiting = entries.filter(({ items }) => items.length > 0).sort((a, b) => a.dueAt - b.dueAt);
      const [entry] = waiting; // whose turn came first
      if (entry === undefined || entry.dueAt > at) return null;
      working = { entry, items: entry.items };
      entry.rests = entry.places;
      [entry.items, entry.places] = [[], new Set()];
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

function meets({ places, rests }: Entry<unknown>, names: ReadonlySet<string>): boolean {
  for (const name of names) if (places.has(name) || rests.has(name)) return true;
  return false;
}

/** Components and identifiers under one kind of name. */
function namesOf({ components, unknown }: Places): Set<string> {
  return new Set([...components, ...Array.from(unknown, (key) => `:${key}`)]);
}
