import type { ComponentSnapshot, IdentifierKey, LoadedState, ParkedLeaf, Shelf, ShelfQuery } from '@kenal/contracts';
import { decodeParked, isParked } from '../parked.ts';
import { shelfEntry } from '../shelving.ts';
import type { Statements } from './statements.ts';

/** To be called in a transaction, so that everything is of one instant. */
export function loadAll(
  statements: Statements,
  workspace: string,
  identifiers: readonly IdentifierKey[],
  shelfQueries: readonly ShelfQuery[],
): LoadedState {
  const now = Date.now() * 1_000;
  const pointers = new Map<IdentifierKey, string>();
  const parked = new Map<IdentifierKey, ParkedLeaf>();
  const components = new Map<string, ComponentSnapshot>();
  for (const identifier of identifiers) {
    let record = recordOf(statements, workspace, identifier);
    if (record !== undefined && isParked(record)) {
      const leaf = decodeParked(record);
      parked.set(identifier, leaf);
      record = recordOf(statements, workspace, leaf.centre);
      if (record !== undefined && isParked(record)) continue;
    }
    if (record === undefined) continue;
    pointers.set(identifier, record);
    if (!components.has(record)) components.set(record, loadOne(statements, workspace, record));
  }
  const shelves = new Map(shelfQueries.map((query) => [query.centre, loadShelf(statements, workspace, query)]));
  return { now, fence: fenceOf(statements, workspace), pointers, parked, components, shelves };
}

export function loadOne(statements: Statements, workspace: string, id: string): ComponentSnapshot {
  const fields = new Map<string, string>();
  let version = 0;
  for (const [name, value] of statements.fields.all(workspace, id) as unknown as [string, string | number][]) {
    if (name === '') version = value as number;
    else fields.set(name, value as string);
  }
  return { id, version, fields };
}

function loadShelf(statements: Statements, workspace: string, { centre, limit }: ShelfQuery): Shelf {
  const head = statements.shelf.get(workspace, centre) as unknown as [id: number, size: number] | undefined;
  if (head === undefined) return { entries: [], size: 0 };
  const rows = statements.shelved.all(head[0], limit) as unknown as [IdentifierKey, number][];
  const entries = rows.map(([leaf, rank]) => shelfEntry(centre, leaf, rank, recordOf(statements, workspace, leaf)));
  return { entries, size: head[1] };
}

export function recordOf(statements: Statements, workspace: string, identifier: IdentifierKey): string | undefined {
  return (statements.pointer.get(workspace, identifier) as unknown as [string] | undefined)?.[0];
}

/** Up to where the directives are processed, -1 where none is. */
export function fenceOf(statements: Statements, workspace: string): number {
  return (statements.fence.get(workspace) as unknown as [number] | undefined)?.[0] ?? -1;
}
