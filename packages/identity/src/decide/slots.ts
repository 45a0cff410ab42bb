import type { IdentifierKey, Shelf } from '@kenal/contracts';
import { compareLeaves, groupLeaves, type Leaf, leavesOf } from '../cluster/leaves.ts';
import type { Component } from '../evidence/component.ts';
import { decodeShelfTypes } from '../evidence/shelf-types.ts';
import { typeOf } from '../evidence/sight.ts';
import { compareKeys, type IdentityRules } from '../rules.ts';
import type { Draft } from './draft.ts';
import type { Loaded } from './pieces.ts';
import type { Wanted } from './wants.ts';

/**
 * Look whether parked leaves may have a place now: one that was in front of them has got a second link, or is revoked, or
 * the limit is higher. Those that are parked come after those that are not, so as long as the latter fill the limit nobody
 * needs to look; else the shelf is wanted as far as its next leaf might be among the first.
 * @param hubs whose shelves hold others than leaves
 * @param again under other rules than before: who is parked may rank before who is not
 * @returns centres whose leaves have to be looked at
 */
export function openShelves(
  component: Component,
  draft: Draft,
  rules: IdentityRules,
  loaded: Loaded,
  hubs: ReadonlySet<IdentifierKey>,
  again: boolean,
  wanted: Wanted,
): IdentifierKey[] {
  const open: IdentifierKey[] = [];
  if (component.shelves.size === 0) return open;
  const groups = groupLeaves(leavesOf(component, rules, hubs).filter(({ joins }) => joins));
  for (const [centre, text] of component.shelves) {
    if (hubs.has(centre)) continue;
    for (const [type, emptyUnder] of decodeShelfTypes(text)) {
      const group = (groups.get(`${type} ${centre}`) ?? []).sort(compareLeaves);
      const limit = rules.limitOf(type);
      if (!again && (emptyUnder === rules.version || storedAmong(group, draft) >= limit)) continue;
      const shelf = loaded.shelves.get(centre);
      // People on the shelf make their centre a hub, so all of them count
      const last = again && !rules.isPerson(typeOf(centre)) ? undefined : group[limit - 1];
      if (shelf === undefined || !reaches(shelf, last)) wanted.more(centre, shelf, 2 * limit);
      if (shelf !== undefined) open.push(centre);
    }
  }
  return open;
}

/** Leaves that were in the component before, whose place the parked ones know of. */
function storedAmong(group: readonly Leaf[], { absent, leaves }: Draft): number {
  return group.filter(({ key }) => !absent.has(key) && !leaves.has(key)).length;
}

/** Whether all that a shelf holds beyond what was loaded comes after a leaf. */
function reaches({ entries, size }: Shelf, last: Leaf | undefined): boolean {
  if (entries.length >= size) return true;
  const next = entries.at(-1);
  if (last === undefined || next === undefined) return false;
  return (next.rank - last.link.first || compareKeys(next.leaf, last.key)) >= 0;
}
