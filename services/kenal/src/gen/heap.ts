/** A priority queue: smallest `at` first, and of equals the one that was pushed first. */
export interface TimeHeap<T> {
  push(at: number, item: T): void;
  /** Time of the first, Infinity where there is none. */
  next(): number;
  pop(): T | undefined;
  readonly size: number;
}

interface Entry<T> {
  readonly at: number;
  readonly order: number;
  readonly item: T;
}

/** A binary heap. */
export function createTimeHeap<T>(): TimeHeap<T> {
  const entries: Entry<T>[] = [];
  let order = 0;
  const before = (a: Entry<T>, b: Entry<T>): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
  return {
    get size() {
      return entries.length;
    },
    next: () => entries[0]?.at ?? Number.POSITIVE_INFINITY,
    push: (at, item) => {
      const entry = { at, order: order++, item };
      let hole = entries.length;
      entries.push(entry);
      while (hole > 0) {
        const parent = (hole - 1) >> 1;
        if (!before(entry, entries[parent] as Entry<T>)) break;
        entries[hole] = entries[parent] as Entry<T>;
        hole = parent;
      }
      entries[hole] = entry;
    },
    pop: () => {
      const first = entries[0];
      const last = entries.pop();
      if (first === undefined || last === undefined || entries.length === 0) return first?.item;
      let hole = 0;
      for (;;) {
        let child = hole * 2 + 1;
        if (child >= entries.length) break;
        if (child + 1 < entries.length && before(entries[child + 1] as Entry<T>, entries[child] as Entry<T>)) child++;
        if (!before(entries[child] as Entry<T>, last)) break;
        entries[hole] = entries[child] as Entry<T>;
        hole = child;
      }
      entries[hole] = last;
      return first.item;
    },
  };
}
