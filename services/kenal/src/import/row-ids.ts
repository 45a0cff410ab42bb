import { createOccurrences } from './occurrences.ts';

/** Gives each row of a file an id that depends on nothing but the rows: the n-th equal row gets the n-th id. */
export interface RowIds {
  /** @param row the row's own bytes, whatever the file around it looks like */
  next(row: string): string;
}

/**
 * Ids for import (wire.md, "Names"): hash of the row and how many equal rows came before it in this file. Two equal lines
 * stay two interactions; a second import, or one of a longer file, gives the same ids again.
 * Were two rows to collide in what tells them apart, the id of each would still be its own.
 */
export function createRowIds(): RowIds {
  const occurrences = createOccurrences();
  return {
    next: (row) => {
      const { digest, count } = occurrences.next(row);
      return `row-${digest.toString('base64url', 0, 18)}-${count}`;
    },
  };
}
