/** Items that hang on the same, and what they hang on. */
export interface Entry<T> {
  readonly workspace: string;
  items: T[];
  /** Names of the places of items that wait. */
  places: Set<string>;
  /** Of what is worked on, or was and rests. */
  rests: Set<string>;
  dueAt: number;
}

/** Entries by the names of their places. @param isAlive others are not found */
export function createIndex<T>(isAlive: (entry: Entry<T>) => boolean) {
  const byName = new Map<string, Entry<T>>();
  return {
    find(names: Iterable<string>): Entry<T> | undefined {
      for (const name of names) {
        const entry = byName.get(name);
        if (entry !== undefined && isAlive(entry)) return entry;
      }
      return undefined;
    },
    set: (name: string, entry: Entry<T>) => byName.set(name, entry),
    forget(entry: Entry<T>, names: Iterable<string>): void {
      for (const name of names) if (byName.get(name) === entry) byName.delete(name);
    },
    /** Items of another first; nothing is left of it. */
    moveInto(entry: Entry<T>, other: Entry<T>): void {
      entry.items = [...other.items, ...entry.items];
      for (const name of other.places) entry.places.add(name);
      for (const name of other.rests) entry.rests.add(name);
      for (const name of [...other.places, ...other.rests]) if (byName.get(name) === other) byName.set(name, entry);
    },
    get size() {
      return byName.size;
    },
  };
}
