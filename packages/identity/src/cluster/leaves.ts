import type { IdentifierKey } from '@kenal/contracts';
import type { Component, Link } from '../evidence/component.ts';
import { isVoid, typeOf } from '../evidence/sight.ts';
import { compareKeys, type IdentityRules } from '../rules.ts';

/** An identifier of which nothing is known but one link. */
export interface Leaf {
  readonly key: IdentifierKey;
  readonly type: string;
  /** The other end of its link. */
  readonly centre: IdentifierKey;
  readonly link: Link;
  /** Whether its link could join it to the centre: it counts, and neither end is a hub. */
  readonly joins: boolean;
}

/**
 * The leaves of a component. What makes a leaf is all that was ever seen, whether it counts or not, so that an identifier
 * that is no leaf never becomes one.
 */
export function leavesOf(component: Component, rules: IdentityRules, hubs: ReadonlySet<IdentifierKey>): Leaf[] {
  const { links, dead, core, elsewhere, decided } = component;
  const only = new Map<IdentifierKey, Link | null>();
  for (const group of [links, dead]) {
    for (const link of group.values()) {
      if (!core.has(link.a)) only.set(link.a, only.has(link.a) ? null : link);
      if (!core.has(link.b)) only.set(link.b, only.has(link.b) ? null : link);
    }
  }
  const leaves: Leaf[] = [];
  for (const [key, link] of only) {
    if (link === null || elsewhere.has(key)) continue;
    const centre = link.a === key ? link.b : link.a;
    if (elsewhere.has(centre) || (only.get(centre) ?? null) !== null) continue;
    const type = typeOf(key);
    // It has to be there to be counted
    if (rules.isPerson(type) && !rules.isPerson(typeOf(centre))) continue;
    const joins = links.has(`${link.a}\n${link.b}`) && !isVoid(link, hubs, decided);
    leaves.push({ key, type, centre, link, joins });
  }
  return leaves;
}

/** Earlier leaves of one centre go first, as their links do. */
export function compareLeaves(x: Leaf, y: Leaf): number {
  return x.link.first - y.link.first || compareKeys(x.key, y.key);
}

/** Leaves of one type on one centre, by `type centre`. */
export function groupLeaves(leaves: readonly Leaf[]): Map<string, Leaf[]> {
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const name = `${leaf.type} ${leaf.centre}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [leaf]);
    else group.push(leaf);
  }
  return groups;
}

/**
 * Leaves that can never be accepted: of one type on one centre each accepted one raises the count of its type, so only the
 * first `limit` of them matter; those whose link joins nobody matter never (identity.md, f, step 3).
 */
export function surplusOf(leaves: readonly Leaf[], rules: IdentityRules): Leaf[] {
  const surplus = leaves.filter(({ joins }) => !joins);
  for (const group of groupLeaves(leaves.filter(({ joins }) => joins)).values()) {
    const limit = rules.limitOf(group[0]!.type);
    if (group.length > limit) surplus.push(...group.sort(compareLeaves).slice(limit));
  }
  return surplus;
}
