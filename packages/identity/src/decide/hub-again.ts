import type { ComponentSnapshot, IdentifierKey, Shelf, ShelfEntry } from '@kenal/contracts';
import type { Component, Fields } from '../evidence/component.ts';
import { decodeComponent } from '../evidence/decode.ts';
import { decodeLeaf } from '../evidence/leaf-text.ts';
import { typeOf } from '../evidence/sight.ts';
import type { IdentityRules } from '../rules.ts';
import type { Draft } from './draft.ts';
import type { Loaded } from './pieces.ts';
import type { Wanted } from './wants.ts';

/** What is found about one that was a hub. */
export type HubVerdict =
  | 'hub'
  /** It is none any more, and all that it was seen with is loaded: the components to join. */
  | { readonly joins: readonly ComponentSnapshot[] }
  /** More has to be seen. */
  | 'unsure';

/**
 * Look whether a hub is one still: after a decision, or under new rules. Its links are with its neighbours, and its shelf
 * tells who they are; only so many are looked at as are needed to see more than the cap.
 * @param component the unit that it is of, whose links are counted as they are there
 */
export function hubAgain(
  hub: IdentifierKey,
  component: Component,
  draft: Draft,
  rules: IdentityRules,
  loaded: Loaded,
  wanted: Wanted,
): HubVerdict {
  const cap = rules.capOf(typeOf(hub));
  const isPerson = rules.isPerson(typeOf(hub));
  if (!isPerson && (component.names.get(hub)?.size ?? 0) > cap) return 'hub';
  const people = new Set<IdentifierKey>();
  for (const { a, b } of component.links.values()) {
    const other = a === hub ? b : b === hub ? a : null;
    if (other !== null && rules.isPerson(typeOf(other))) people.add(other);
  }
  if (!isPerson && people.size > cap) return 'hub';
  const shelf = loaded.shelves.get(hub);
  if (shelf === undefined) {
    wanted.more(hub, undefined);
    return 'unsure';
  }
  if (!isPerson) {
    const here = new Set(draft.components.map(({ id }) => id));
    const others = shelf.entries.filter(
      ({ leaf, text }) => text !== null || !here.has(loaded.pointers.get(leaf) ?? ''),
    );
    const unseen = countPeople(hub, others, people, rules, loaded);
    if (people.size > cap) return 'hub';
    if (unseen.length > 0) {
      // Twice as many at each look: where most of them count no more, there may be thousands
      const next = Math.max(2 * cap, loaded.asked?.size ?? 0);
      for (const key of unseen.slice(0, next)) wanted.identifier(key);
      return 'unsure';
    }
  }
  return everybody(hub, shelf, loaded, wanted);
}

/** Add people whose link to the hub counts. @returns those whose component is not loaded */
function countPeople(
  hub: IdentifierKey,
  entries: readonly ShelfEntry[],
  people: Set<IdentifierKey>,
  rules: IdentityRules,
  loaded: Loaded,
): IdentifierKey[] {
  const unseen: IdentifierKey[] = [];
  for (const entry of entries) {
    const { leaf } = entry;
    if (!rules.isPerson(typeOf(leaf)) || people.has(leaf)) continue;
    const counts = linkCounts(hub, entry, rules, loaded);
    if (counts === null) {
      if (loaded.asked?.has(leaf) !== true) unseen.push(leaf);
    } else if (counts) people.add(leaf);
  }
  return unseen;
}

/** Whether anything is left of the link of a hub with somebody on its shelf; null = not loaded. */
function linkCounts(
  hub: IdentifierKey,
  { leaf, text }: ShelfEntry,
  rules: IdentityRules,
  loaded: Loaded,
): boolean | null {
  const fields =
    text === null ? loaded.components.get(loaded.pointers.get(leaf) ?? '')?.fields : decodeLeaf(hub, leaf, text);
  if (fields === undefined) return null;
  const [a, b] = hub < leaf ? [hub, leaf] : [leaf, hub];
  if (text !== null) return decodeComponent(fields, rules).links.has(`${a}\n${b}`);
  return linksIn(fields, rules, loaded).has(`${a}\n${b}`);
}

/** Read once for all that ask: many hubs have people of one large component on their shelves. */
const read = new WeakMap<Loaded, Map<Fields, Component['links']>>();

function linksIn(fields: Fields, rules: IdentityRules, loaded: Loaded): Component['links'] {
  const known = read.get(loaded) ?? new Map<Fields, Component['links']>();
  read.set(loaded, known);
  const links = known.get(fields) ?? decodeComponent(fields, rules).links;
  known.set(fields, links);
  return links;
}

function everybody(hub: IdentifierKey, shelf: Shelf, loaded: Loaded, wanted: Wanted): HubVerdict {
  if (shelf.entries.length < shelf.size) {
    wanted.more(hub, shelf);
    return 'unsure';
  }
  const joins: ComponentSnapshot[] = [];
  let missing = false;
  for (const { leaf, text } of shelf.entries) {
    if (text !== null) continue;
    const component = loaded.components.get(loaded.pointers.get(leaf) ?? '');
    if (component !== undefined) joins.push(component);
    else if (loaded.asked?.has(leaf) !== true) {
      wanted.identifier(leaf);
      missing = true;
    }
  }
  return missing ? 'unsure' : { joins };
}
