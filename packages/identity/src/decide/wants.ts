import type { IdentifierKey, Shelf, ShelfQuery } from '@kenal/contracts';

/** What a decision needs to see beside what was loaded: to be loaded together with it, and then decided again. */
export interface Wants {
  readonly shelves: readonly ShelfQuery[];
  /** Identifiers whose components matter. */
  readonly identifiers: readonly IdentifierKey[];
}

/** Entries of a shelf that are looked at first; where more are wanted, so many times as many. */
const FIRST_CHUNK = 64;
const LARGER = 4;

/** Collects what is wanted; of one shelf the longer part. */
export interface Wanted {
  shelf(centre: IdentifierKey, limit: number): void;
  /** More of a shelf than was loaded. @param least as many in any case */
  more(centre: IdentifierKey, loaded: Shelf | undefined, least?: number): void;
  identifier(key: IdentifierKey): void;
  add(wants: Wants): void;
  /** Null where nothing is wanted. */
  all(): Wants | null;
}

export function createWanted(): Wanted {
  const shelves = new Map<IdentifierKey, number>();
  const identifiers = new Set<IdentifierKey>();
  const shelf = (centre: IdentifierKey, limit: number): void => {
    shelves.set(centre, Math.max(limit, shelves.get(centre) ?? 0));
  };
  return {
    shelf,
    more: (centre, loaded, least = 0) =>
      shelf(centre, Math.max(FIRST_CHUNK, least, (loaded?.entries.length ?? 0) * LARGER)),
    identifier: (key) => identifiers.add(key),
    add(wants) {
      for (const { centre, limit } of wants.shelves) shelf(centre, limit);
      for (const key of wants.identifiers) identifiers.add(key);
    },
    all() {
      if (shelves.size + identifiers.size === 0) return null;
      const queries = Array.from(shelves, ([centre, limit]) => ({ centre, limit }));
      return { shelves: queries, identifiers: [...identifiers] };
    },
  };
}

/** All that several decisions want, or one after the other. */
export function joinWants(several: readonly Wants[]): Wants {
  const wanted = createWanted();
  for (const wants of several) wanted.add(wants);
  return wanted.all() ?? { shelves: [], identifiers: [] };
}
