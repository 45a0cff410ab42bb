import type { IdentifierKey, ShelfQuery } from '@kenal/contracts';

/** What a decision needs to see beside what was loaded: to be loaded together with it, and then decided again. */
export interface Wants {
  readonly shelves: readonly ShelfQuery[];
  /** Identifiers whose components matter. */
  readonly identifiers: readonly IdentifierKey[];
}

export class Wanted {
  readonly #shelves = new Map<IdentifierKey, number>();
  readonly #identifiers = new Set<IdentifierKey>();

  shelf(centre: IdentifierKey, limit: number): void {
    this.#shelves.set(centre, Math.max(limit, this.#shelves.get(centre) ?? 0));
  }

  identifier(key: IdentifierKey): void {
    this.#identifiers.add(key);
  }

  add({ shelves, identifiers }: Wants): void {
    for (const { centre, limit } of shelves) this.shelf(centre, limit);
    for (const key of identifiers) this.identifier(key);
  }

  /** Null where nothing is wanted. */
  get all(): Wants | null {
    if (this.#shelves.size + this.#identifiers.size === 0) return null;
    const shelves = Array.from(this.#shelves, ([centre, limit]) => ({ centre, limit }));
    return { shelves, identifiers: [...this.#identifiers] };
  }
}
