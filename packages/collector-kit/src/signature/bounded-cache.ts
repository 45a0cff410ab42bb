/** A map that makes what it lacks and forgets its oldest entry where it is full. */
export interface BoundedCache<T> {
  get(key: string): T;
}

/** @param make must not be expensive enough to matter when an entry is made a second time */
export function createBoundedCache<T>(most: number, make: (key: string) => T): BoundedCache<T> {
  const entries = new Map<string, T>();
  return {
    get(key) {
      const found = entries.get(key);
      if (found !== undefined) return found;
      const made = make(key);
      if (entries.size >= most) entries.delete(entries.keys().next().value!);
      entries.set(key, made);
      return made;
    },
  };
}
