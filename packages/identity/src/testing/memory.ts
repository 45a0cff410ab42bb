import type {
  ComponentCommit,
  ComponentSnapshot,
  IdentifierKey,
  LoadedState,
  ParkedLeaf,
  Shelf,
  ShelfQuery,
} from '@kenal/contracts';
import { compareKeys } from '../rules.ts';

type Commit = Omit<ComponentCommit, 'outbox'>;

type Shelves = Map<IdentifierKey, Map<IdentifierKey, number>>;

/** The state port's promise for one workspace, without clock, lease or outbox. Throws where a commit asks for nonsense. */
export function createMemory() {
  const pointers = new Map<IdentifierKey, string | ParkedLeaf>();
  const components = new Map<string, { id: string; version: number; fields: Map<string, string> }>();
  const shelves: Shelves = new Map();

  const parkedAt = (key: IdentifierKey): ParkedLeaf | null => {
    const pointer = pointers.get(key);
    return typeof pointer === 'object' ? pointer : null;
  };

  function componentOf(key: IdentifierKey): string | undefined {
    const pointer = pointers.get(key);
    return typeof pointer === 'object' ? componentOf(pointer.centre) : pointer;
  }

  function load(
    identifiers: Iterable<IdentifierKey>,
    queries: readonly ShelfQuery[] = [],
  ): Omit<LoadedState, 'now' | 'fence'> {
    const found = new Map<IdentifierKey, string>();
    const parked = new Map<IdentifierKey, ParkedLeaf>();
    const loaded = new Map<string, ComponentSnapshot>();
    for (const key of identifiers) {
      const id = componentOf(key);
      if (id === undefined) continue;
      found.set(key, id);
      const leaf = parkedAt(key);
      if (leaf !== null) parked.set(key, leaf);
      const component = components.get(id);
      if (component === undefined) throw new Error(`${key} points to ${id}, which is not`);
      loaded.set(id, component);
    }
    const asked = new Map(queries.map((query) => [query.centre, shelfOf(shelves, parkedAt, query)]));
    return { pointers: found, parked, components: loaded, shelves: asked };
  }

  /** @returns whether all that the commit relies on is as it was */
  function holds(commit: Commit): boolean {
    for (const [id, version] of commit.expect) if ((components.get(id)?.version ?? 0) !== version) return false;
    for (const { component, field, text } of commit.unchanged ?? [])
      if ((components.get(component)?.fields.get(field) ?? null) !== text) return false;
    for (const [centre, size] of commit.shelfSizes ?? []) if ((shelves.get(centre)?.size ?? 0) !== size) return false;
    return commit.absent.every((key) => !pointers.has(key)) && !commit.detach?.some(({ id }) => components.has(id));
  }

  function commit(commit: Commit): boolean {
    checkSense(commit);
    if (!holds(commit)) return false;
    const fields = new Map(components.get(commit.target)?.fields);
    for (const id of commit.absorb) {
      for (const [field, text] of components.get(id)!.fields) fields.set(field, text);
      components.delete(id);
    }
    for (const field of commit.unset) if (!fields.delete(field)) throw new Error(`${field} was not there`);
    for (const [field, text] of commit.set) fields.set(field, text);
    for (const key of commit.point) pointers.set(key, commit.target);
    for (const piece of commit.detach ?? []) {
      const own = new Map<string, string>();
      for (const field of piece.fields) {
        if (!fields.has(field)) throw new Error(`${field} is not of the target`);
        own.set(field, fields.get(field)!);
        fields.delete(field);
      }
      if (own.size > 0) components.set(piece.id, { id: piece.id, version: 1, fields: own });
      for (const key of piece.point) pointers.set(key, piece.id);
    }
    for (const [leaf, parked] of commit.park ?? []) pointers.set(leaf, parked);
    for (const move of commit.shelve ?? []) shelve(shelves, move);
    for (const key of commit.forget ?? []) {
      pointers.delete(key);
      shelves.delete(key);
    }
    const version = (commit.expect.get(commit.target) ?? 0) + 1;
    if (fields.size === 0) components.delete(commit.target);
    else components.set(commit.target, { id: commit.target, version, fields });
    return true;
  }

  /** FLUSHALL. */
  function flush(): void {
    pointers.clear();
    components.clear();
    shelves.clear();
  }

  return { load, commit, flush, pointers, components, shelves, componentOf };
}

/** What the adapters refuse as a bug of the caller (packages/state, check-commit.ts). */
function checkSense({ target, expect, absorb, set, unset, unchanged = [], ...rest }: Commit): void {
  const { detach = [], park = new Map(), shelve: moves = [] } = rest;
  const names = [
    ...set.keys(),
    ...unset,
    ...unchanged.map(({ field }) => field),
    ...detach.flatMap((one) => one.fields),
  ];
  const ids = [...expect.keys(), ...detach.map(({ id }) => id)];
  const isSense =
    [target, ...absorb].every((id) => expect.has(id)) &&
    !absorb.includes(target) &&
    new Set(ids).size === ids.length &&
    ids.every((id) => id !== '' && !id.startsWith('^')) &&
    !names.includes('') &&
    [...park].every(([leaf, { centre }]) => leaf !== centre) &&
    moves.every(({ rank }) => rank === null || Number.isSafeInteger(rank));
  if (!isSense) throw new TypeError(`no store takes such a commit of ${target}`);
}

function shelfOf(
  shelves: Shelves,
  parkedAt: (key: IdentifierKey) => ParkedLeaf | null,
  { centre, limit }: ShelfQuery,
): Shelf {
  const entries = [...(shelves.get(centre) ?? [])].map(([leaf, rank]) => {
    const parked = parkedAt(leaf);
    return { leaf, rank, text: parked?.centre === centre ? parked.text : null };
  });
  entries.sort((a, b) => a.rank - b.rank || compareKeys(a.leaf, b.leaf));
  return { entries: entries.slice(0, limit), size: entries.length };
}

function shelve(shelves: Shelves, { centre, leaf, rank }: NonNullable<Commit['shelve']>[number]): void {
  const entries = shelves.get(centre) ?? new Map<IdentifierKey, number>();
  if (rank === null) entries.delete(leaf);
  else entries.set(leaf, rank);
  if (entries.size === 0) shelves.delete(centre);
  else shelves.set(centre, entries);
}
