import type { IdentifierKey } from '@kenal/contracts';
import type { Component } from '../evidence/component.ts';
import { typeOf } from '../evidence/sight.ts';
import type { IdentityRules } from '../rules.ts';

/**
 * Identifiers that were seen with more people than one has: they join nobody (identity.md, f, step 2). People are counted
 * by the user ids and loyalty cards that stood beside the identifier, and by given names and birth dates that came under
 * it alone; either may pass the cap, so that more evidence never makes a hub less.
 * @param known hubs that are none of this count: their links are not all here
 */
export function hubsOf(
  { links, names, counts, hubs: published }: Component,
  rules: IdentityRules,
  known: ReadonlySet<IdentifierKey>,
): ReadonlySet<IdentifierKey> {
  let persons = 0;
  for (const [type, count] of counts) if (rules.isPerson(type)) persons += count;
  if (persons <= rules.leastCap && names.size + published.size === 0) return known;
  const hubs = new Set(known);
  const people = new Map<IdentifierKey, number>();
  for (const { a, b } of links.values()) {
    const isPerson = rules.isPerson(typeOf(a));
    if (isPerson === rules.isPerson(typeOf(b))) continue;
    const seen = isPerson ? b : a;
    people.set(seen, (people.get(seen) ?? 0) + 1);
  }
  for (const [key, count] of people) if (count > rules.capOf(typeOf(key))) hubs.add(key);
  for (const [key, hashes] of names) {
    const type = typeOf(key);
    if (hashes.size > rules.capOf(type) && !rules.isPerson(type)) hubs.add(key);
  }
  return hubs;
}
