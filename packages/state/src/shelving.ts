import type { ComponentCommit, IdentifierKey, Micros, ShelfEntry } from '@kenal/contracts';
import { decodeParked, isParked } from './parked.ts';

/** What a commit does to each shelf, shelf by shelf: leaf → its rank, null takes it off. Of one leaf the last word counts. */
export function byCentre(
  shelve: NonNullable<ComponentCommit['shelve']>,
): Map<IdentifierKey, Map<IdentifierKey, Micros | null>> {
  const shelves = new Map<IdentifierKey, Map<IdentifierKey, Micros | null>>();
  for (const { centre, leaf, rank } of shelve) {
    const entries = shelves.get(centre);
    if (entries) entries.set(leaf, rank);
    else shelves.set(centre, new Map([[leaf, rank]]));
  }
  return shelves;
}

/** @param record of the leaf's pointer, where it has one */
export function shelfEntry(
  centre: IdentifierKey,
  leaf: IdentifierKey,
  rank: Micros,
  record: string | null | undefined,
): ShelfEntry {
  const parked = record && isParked(record) ? decodeParked(record) : null;
  return { leaf, rank, text: parked?.centre === centre ? parked.text : null };
}
