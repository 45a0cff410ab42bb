import type { ComponentCommit, IdentifierKey, Micros, ParkedLeaf } from '@kenal/contracts';
import type { Leaf } from '../cluster/leaves.ts';
import type { Component } from '../evidence/component.ts';
import { partOf, shelfField } from '../evidence/fields.ts';
import { encodeLeaf, rankOf } from '../evidence/leaf-text.ts';
import { decodeShelfTypes, encodeShelfTypes } from '../evidence/shelf-types.ts';
import { typeOf } from '../evidence/sight.ts';
import type { IdentityRules } from '../rules.ts';
import type { Draft } from './draft.ts';
import type { Loaded } from './pieces.ts';

export type ShelfMove = NonNullable<ComponentCommit['shelve']>[number];

/** Which leaves go to a shelf, and which come from one. */
export interface Parking {
  readonly park: ReadonlyMap<IdentifierKey, ParkedLeaf>;
  readonly shelve: readonly ShelfMove[];
  /** Leaves that were parked and are so no more. */
  readonly unparked: readonly IdentifierKey[];
  /** Fields that the component has no more. */
  readonly unset: readonly string[];
  /** The leaf that a field is of, among those that are parked now. */
  leafOf(field: string): IdentifierKey | null;
}

const NO_PARKING: Parking = { park: new Map(), shelve: [], unparked: [], unset: [], leafOf: () => null };

/** @param surplus leaves that are to be parked, whether they are already or not */
export function parkingOf(draft: Draft, surplus: ReadonlyMap<IdentifierKey, Leaf>): Parking {
  if (surplus.size + draft.leaves.size === 0) return NO_PARKING;
  const leafOf = (field: string): IdentifierKey | null => (surplus.size === 0 ? null : leafAmong(surplus, field));
  const unparked = [...draft.leaves.keys()].filter((key) => !surplus.has(key));
  const shelve = unparked.map((leaf): ShelfMove => ({ centre: draft.leaves.get(leaf)!.centre, leaf, rank: null }));
  const park = new Map<IdentifierKey, ParkedLeaf>();
  const { texts, unset } = leafTexts(draft, surplus, leafOf);
  for (const [leaf, fields] of texts) {
    const { centre } = surplus.get(leaf)!;
    const text = encodeLeaf(fields);
    const before = draft.leaves.get(leaf);
    if (before?.text === text) continue;
    park.set(leaf, { centre, text });
    const rank = rankOf(fields);
    if (before === undefined || rank !== rankBefore(draft, fields)) shelve.push({ centre, leaf, rank });
  }
  return { park, shelve, unparked, unset, leafOf };
}

function rankBefore({ leafFields }: Draft, fields: ReadonlyMap<string, string>): Micros {
  const before = new Map<string, string>();
  for (const field of fields.keys()) {
    const text = leafFields.get(field);
    if (text !== undefined) before.set(field, text);
  }
  return rankOf(before);
}

function leafAmong(surplus: ReadonlyMap<IdentifierKey, Leaf>, field: string): IdentifierKey | null {
  const kind = field[0];
  if (kind !== 'l' && kind !== 'v' && kind !== 'a') return null;
  const one = partOf(field, 1);
  if (surplus.has(one)) return one;
  const two = kind === 'l' ? partOf(field, 2) : '';
  return surplus.has(two) ? two : null;
}

/** The evidence of each leaf that is not parked yet, or of which something is new. */
function leafTexts(draft: Draft, surplus: ReadonlyMap<IdentifierKey, Leaf>, leafOf: Parking['leafOf']) {
  const texts = new Map<IdentifierKey, Map<string, string>>();
  const unset: string[] = [];
  const put = (leaf: IdentifierKey, field: string, text: string): void => {
    const fields = texts.get(leaf);
    if (fields === undefined) texts.set(leaf, new Map([[field, text]]));
    else fields.set(field, text);
  };
  const isStored = (key: IdentifierKey): boolean => !draft.leaves.has(key) && !draft.absent.has(key);
  if ([...surplus.keys()].some(isStored)) {
    for (const layer of draft.layers) {
      for (const [field, text] of layer) {
        const leaf = leafOf(field);
        if (leaf === null) continue;
        unset.push(field);
        if (field[0] !== 'a') put(leaf, field, text);
      }
    }
  }
  const news = new Set<IdentifierKey>();
  if (surplus.size > 0)
    for (const field of draft.changed.keys()) {
      const leaf = leafOf(field);
      if (leaf !== null) news.add(leaf);
    }
  if (news.size > 0)
    for (const [field, text] of draft.leafFields) {
      const leaf = leafOf(field);
      if (leaf !== null && news.has(leaf)) put(leaf, field, text);
    }
  for (const [field, text] of news.size === 0 ? [] : draft.changed) {
    const leaf = leafOf(field);
    if (leaf !== null) put(leaf, field, text);
  }
  return { texts, unset };
}

/** What the `k` fields of centres become: a type for each kind of leaf on the shelf (shelf-types.ts). */
export function shelfTypesOf(
  component: Component,
  draft: Draft,
  surplus: ReadonlyMap<IdentifierKey, Leaf>,
  rules: IdentityRules,
  { shelves }: Loaded,
  opened: ReadonlySet<IdentifierKey>,
): Map<string, string> {
  const texts = new Map<string, string>();
  if (surplus.size + opened.size === 0) return texts;
  const centres = new Map<IdentifierKey, Map<string, string>>();
  const typesOf = (centre: IdentifierKey): Map<string, string> => {
    let types = centres.get(centre);
    if (types === undefined) {
      const shelf = shelves.get(centre);
      const isWhole = opened.has(centre) && shelf !== undefined && shelf.entries.length >= shelf.size;
      types = isWhole ? new Map() : decodeShelfTypes(component.shelves.get(centre) ?? '');
      centres.set(centre, types);
    }
    return types;
  };
  for (const centre of opened) typesOf(centre);
  for (const { key, centre, joins } of surplus.values()) {
    if (draft.leaves.has(key) && !opened.has(centre)) continue;
    const types = typesOf(centre);
    const type = typeOf(key);
    if (joins) types.set(type, '');
    else if (!types.has(type)) types.set(type, rules.version);
  }
  for (const [centre, types] of centres) texts.set(shelfField(centre), encodeShelfTypes(types));
  return texts;
}
