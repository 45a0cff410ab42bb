import type { ComponentCommit, ComponentSnapshot, ParkedLeaf, ShelfQuery } from '@kenal/contracts';

type Commit = Omit<ComponentCommit, 'outbox'>;
interface Kept extends ComponentSnapshot {
  version: number;
  readonly fields: Map<string, string>;
}

/** Identity state as plain maps that are written in place: it costs next to nothing, so that deciding is what is measured. */
export function createPlainState() {
  const pointers = new Map<string, string>();
  const parked = new Map<string, ParkedLeaf>();
  const components = new Map<string, Kept>();
  const shelves = new Map<string, Map<string, number>>();

  function shelfOf({ centre, limit }: ShelfQuery) {
    const all = [...(shelves.get(centre) ?? [])].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
    const entries = all.slice(0, limit).map(([leaf, rank]) => ({ leaf, rank, text: parked.get(leaf)?.text ?? null }));
    return { entries, size: all.length };
  }

  function load(keys: Iterable<string>, queries: readonly ShelfQuery[] = []) {
    const loaded = {
      ...{ pointers: new Map<string, string>(), parked: new Map<string, ParkedLeaf>() },
      components: new Map<string, ComponentSnapshot>(),
      shelves: new Map(queries.map((query) => [query.centre, shelfOf(query)])),
    };
    for (const key of keys) {
      const leaf = parked.get(key);
      const id = pointers.get(leaf?.centre ?? key);
      if (id === undefined) continue;
      loaded.pointers.set(key, id);
      loaded.components.set(id, components.get(id)!);
      if (leaf !== undefined) loaded.parked.set(key, leaf);
    }
    return loaded;
  }

  function apply(commit: Commit): void {
    const { target: id, absorb, set, unset, point, park, shelve } = commit;
    const target = components.get(id) ?? { id, version: 0, fields: new Map<string, string>() };
    for (const other of absorb) {
      for (const [field, text] of components.get(other)?.fields ?? []) target.fields.set(field, text);
      components.delete(other);
    }
    for (const field of unset) target.fields.delete(field);
    for (const [field, text] of set) target.fields.set(field, text);
    for (const key of point) pointTo(key, id);
    for (const piece of commit.detach ?? []) {
      const fields = new Map(piece.fields.map((field) => [field, target.fields.get(field)!]));
      for (const field of piece.fields) target.fields.delete(field);
      components.set(piece.id, { id: piece.id, version: 1, fields });
      for (const key of piece.point) pointTo(key, piece.id);
    }
    for (const [leaf, text] of park ?? []) {
      pointers.delete(leaf);
      parked.set(leaf, text);
    }
    for (const { centre, leaf, rank } of shelve ?? []) {
      if (!shelves.has(centre)) shelves.set(centre, new Map());
      if (rank === null) shelves.get(centre)?.delete(leaf);
      else shelves.get(centre)?.set(leaf, rank);
    }
    target.version += 1;
    components.set(id, target);
  }

  function pointTo(key: string, id: string): void {
    parked.delete(key);
    pointers.set(key, id);
  }

  return { load, apply, pointers, components, shelves };
}
