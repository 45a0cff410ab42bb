import type { IdentifierKey, Micros } from '@kenal/contracts';
import { A_FEW, entriesInParts, type Paused } from '../pauses.ts';
import type { Component, Decided, Link, Sighted } from './component.ts';

/** Whether a link joins nobody because one of its ends is a hub; a `must` is honoured. */
export function isVoid(
  { a, b }: Pick<Link, 'a' | 'b'>,
  hubs: ReadonlySet<IdentifierKey>,
  decided: ReadonlyMap<string, Decided>,
): boolean {
  if (hubs.size === 0 || !(hubs.has(a) || hubs.has(b))) return false;
  return decided.get(`${a}\n${b}`)?.verb !== 'must';
}

/**
 * Tell when each identifier was first and last seen. A void link says nothing of a hub, whose times would else hang on
 * all its neighbours; a `must` makes an identifier known that no event names.
 */
export function* sight(component: Component, hubs: ReadonlySet<IdentifierKey>): Paused<void> {
  const { sighted, counts, owned, links, decided } = component;
  sighted.clear();
  counts.clear();
  for (const [key, { first, last }] of owned) see(sighted, key, first, last).owned = { first, last };
  yield* entriesInParts(links, (link) => {
    const { a, b, first, last } = link;
    const nobodys = isVoid(link, hubs, decided);
    if (!nobodys || !hubs.has(a)) see(sighted, a, first, last);
    if (!nobodys || !hubs.has(b)) see(sighted, b, first, last);
  });
  if (decided.size > 0) sightDecided(component);
  for (const { type } of sighted.values()) counts.set(type, (counts.get(type) ?? 0) + 1);
}

function sightDecided({ sighted, decided }: Component): void {
  const said = new Map<IdentifierKey, Micros>();
  for (const { a, b, verb, issuedAt } of decided.values()) {
    if (verb !== 'must') continue;
    for (const key of [a, b]) if (!sighted.has(key)) said.set(key, Math.min(said.get(key) ?? issuedAt, issuedAt));
  }
  for (const [key, at] of said) see(sighted, key, at, at);
}

function see(sighted: Map<IdentifierKey, Sighted>, key: IdentifierKey, first: Micros, last: Micros): Sighted {
  let known = sighted.get(key);
  if (known === undefined) {
    known = { key, type: typeOf(key), first, last, owned: null };
    sighted.set(key, known);
    return known;
  }
  if (first < known.first) known.first = first;
  if (last > known.last) known.last = last;
  return known;
}

/** Whether a component is decided before a pause were of use. */
export function isSmall({ sighted, links, dead, decided, scored, assigned, published }: Component): boolean {
  const people = sighted.size + assigned.size + published.size;
  return people + links.size + dead.size + decided.size + scored.size <= A_FEW;
}

/** `email:a@b.c` → `email` */
export function typeOf(key: IdentifierKey): string {
  return key.slice(0, key.indexOf(':'));
}
