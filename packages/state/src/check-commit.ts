import type { ComponentCommit, ShelfQuery } from '@kenal/contracts';
import { isParked } from './parked.ts';

/**
 * Refuse a commit that no store could apply safely. Every adapter calls it first, so a wrong caller fails alike everywhere.
 * @throws TypeError a bug of the caller: nothing of the whole call has been applied
 */
export function checkCommit(commit: ComponentCommit): void {
  checkId(commit.target);
  if (!commit.expect.has(commit.target)) throw new TypeError('a commit must expect a version of its target');
  for (const source of commit.absorb) {
    if (source === commit.target) throw new TypeError('a component cannot absorb itself');
    if (!commit.expect.has(source)) throw new TypeError('a commit must expect a version of what it absorbs');
  }
  // The empty name is where both stores keep the version.
  if (commit.set.has('') || commit.unset.includes('')) throw new TypeError('a field name must not be empty');
  if (commit.unchanged?.some(({ field }) => field === '')) throw new TypeError('a field name must not be empty');
  checkPieces(commit);
  for (const [leaf, { centre }] of commit.park ?? [])
    if (leaf === centre) throw new TypeError('an identifier cannot be parked on itself');
  // Redis ranks by doubles, SQLite by integers.
  if (commit.shelve?.some(({ rank }) => rank !== null && !Number.isSafeInteger(rank)))
    throw new TypeError('a rank must be whole microseconds');
}

/** @throws TypeError as {@link checkCommit} */
export function checkShelves(shelves: readonly ShelfQuery[]): void {
  for (const { limit } of shelves)
    if (!Number.isSafeInteger(limit) || limit < 0)
      throw new TypeError('a shelf is read up to a whole number of entries');
}

function checkPieces({ target, expect, detach = [] }: ComponentCommit): void {
  if (detach.length === 0) return;
  const ids = new Set([target, ...expect.keys()]);
  for (const { id, fields } of detach) {
    checkId(id);
    if (ids.has(id)) throw new TypeError('a piece that is detached must have an id of its own');
    if (fields.includes('')) throw new TypeError('a field name must not be empty');
    ids.add(id);
  }
}

function checkId(id: string): void {
  if (id === '' || isParked(id)) throw new TypeError('a component id must be a word that does not begin with ^');
}
