import type { ComponentCommit, DetachedPiece, IdentifierKey, Micros } from '@kenal/contracts';
import { createGroups } from '../cluster/oversize.ts';
import { strongerOf } from '../cluster/rank.ts';
import type { Component, Fields } from '../evidence/component.ts';
import { decodePublished, elsewhereField, hubField, partOf } from '../evidence/fields.ts';
import { isVoid } from '../evidence/sight.ts';
import { decodeRegister, decodeTimes, encodeTime } from '../evidence/text-codec.ts';
import { eachInParts, type Paused } from '../pauses.ts';
import type { IdentityRules } from '../rules.ts';
import { type Draft, fieldsOf } from './draft.ts';
import type { Parking, ShelfMove } from './parking.ts';
import type { Loaded } from './pieces.ts';

/** How the evidence of a unit is kept where hubs are among it. */
export interface Storage {
  readonly set: ReadonlyMap<string, string>;
  readonly unset: readonly string[];
  readonly shelve: readonly ShelfMove[];
  readonly unchanged: NonNullable<ComponentCommit['unchanged']>;
  /** All parts but one, each with its identifiers. */
  readonly detach: readonly Omit<DetachedPiece, 'id'>[];
}

interface Pair {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  rank: Micros;
  /** Before this decision; infinite where there was nothing. */
  before: Micros;
}

export interface StorageInput {
  readonly draft: Draft;
  readonly component: Component;
  readonly rules: IdentityRules;
  readonly loaded: Loaded;
  /** Hubs as they were published, and as they are. */
  readonly published: ReadonlySet<IdentifierKey>;
  readonly hubs: ReadonlySet<IdentifierKey>;
  readonly parking: Parking;
  /** Fields of the unit as they will be, those of parked leaves left out. */
  readonly final: Fields;
  readonly version: Micros;
}

/**
 * Links to a hub join no storage: a hub has a component of its own, and its neighbours stand on its shelf. The link itself
 * is kept with the neighbour; of two hubs with the stronger, where it is here. What falls apart by that is detached.
 */
export function* storageOf(input: StorageInput): Paused<Storage> {
  const { component, draft, hubs, published, parking, final } = input;
  const { elsewhere, decided } = component;
  const set = new Map<string, string>();
  const unset: string[] = [];
  for (const hub of hubs)
    if (!published.has(hub) && !elsewhere.has(hub)) set.set(hubField(hub), encodeTime(input.version));
  for (const hub of published) if (!hubs.has(hub)) unset.push(hubField(hub));
  const pairs = yield* pairsOf(final, draft);
  const groups = createGroups();
  yield* eachInParts(pairs.values(), (pair) => {
    if (!isVoid(pair, hubs, decided)) groups.join(pair.a, pair.b);
  });
  const moves = new Map<string, ShelfMove>();
  const unchanged: { component: string; field: string; text: string | null }[] = [];
  const wantedMarks = new Set<string>();
  yield* eachInParts(pairs.values(), (pair) => {
    if (!isVoid(pair, hubs, decided)) return;
    const [hub, home] = sidesOf(pair, input);
    if (!elsewhere.has(hub) && groups.find(hub) === groups.find(home)) return;
    const mark = elsewhereField(hub, home);
    wantedMarks.add(mark);
    const wasThere = draft.stored(mark) !== undefined || draft.leaves.get(home)?.centre === hub;
    if (draft.stored(mark) === undefined) set.set(mark, '');
    if (!wasThere || pair.rank < pair.before) {
      moves.set(mark, { centre: hub, leaf: home, rank: pair.rank });
      const reliance = relianceOn(hub, input);
      if (elsewhere.has(hub) && reliance !== null) unchanged.push(reliance);
    } else if (draft.leaves.has(home)) moves.set(mark, { centre: hub, leaf: home, rank: pair.rank });
  });
  yield* eachInParts(fieldsOf(draft.layers), ([field]) => {
    if (field[0] !== 'x' || wantedMarks.has(field)) return;
    unset.push(field);
    const [centre, leaf] = [partOf(field, 1), partOf(field, 2)];
    if (!parking.park.has(leaf)) moves.set(field, { centre, leaf, rank: null });
  });
  const kept = new Map(final);
  for (const [field, text] of set) kept.set(field, text);
  for (const field of unset) kept.delete(field);
  yield;
  return { set, unset, shelve: [...moves.values()], unchanged, detach: yield* piecesOf(kept, groups, input) };
}

/** All pairs that evidence names, with when they were first seen or decided. */
function* pairsOf(final: Fields, draft: Draft): Paused<Map<string, Pair>> {
  const pairs = new Map<string, Pair>();
  yield* eachInParts(final, ([field, text]) => {
    const kind = field[0];
    if (kind !== 'l' && kind !== 'd' && kind !== 'w') return;
    const [a, b] = [partOf(field, 1), partOf(field, 2)];
    const pair = pairs.get(`${a}\n${b}`) ?? { a, b, rank: Number.POSITIVE_INFINITY, before: Number.POSITIVE_INFINITY };
    pairs.set(`${a}\n${b}`, pair);
    pair.rank = Math.min(pair.rank, timeOf(kind, text));
    const before = draft.stored(field);
    if (before !== undefined) pair.before = Math.min(pair.before, timeOf(kind, before));
  });
  return pairs;
}

function timeOf(kind: string, text: string): Micros {
  return kind === 'l' ? decodeTimes(text).first : decodeRegister(text).first.at;
}

/** The hub on whose shelf a void link stands, and the end that keeps it: it has its component here. */
function sidesOf({ a, b }: Pair, { hubs, rules, component }: StorageInput): [IdentifierKey, IdentifierKey] {
  if (!hubs.has(a) || component.elsewhere.has(b)) return [b, a];
  if (!hubs.has(b) || component.elsewhere.has(a)) return [a, b];
  return strongerOf(a, b, rules) === a ? [b, a] : [a, b];
}

function relianceOn(hub: IdentifierKey, { loaded }: StorageInput): Storage['unchanged'][number] | null {
  const component = loaded.components.get(loaded.pointers.get(hub) ?? '');
  if (component === undefined) return null;
  return { component: component.id, field: hubField(hub), text: component.fields.get(hubField(hub)) ?? null };
}

type Groups = ReturnType<typeof createGroups>;

/** Divide fields by what they hang on. @returns all parts but the one that stays */
function* piecesOf(fields: Fields, groups: Groups, input: StorageInput): Paused<Storage['detach']> {
  const { elsewhere } = input.component;
  const members = new Map<string, Set<IdentifierKey>>();
  const parts = new Map<string, string[]>();
  const known = new Set<IdentifierKey>();
  const later: [string, IdentifierKey][] = [];
  yield* eachInParts(fields, ([field, text]) => {
    if (field[0] === 'p') {
      later.push([field, decodePublished(text).anchor]);
      return;
    }
    const home = homeOf(field, input);
    for (const key of [home, ...namedBy(field)]) {
      if (elsewhere.has(key) || known.has(key)) continue;
      known.add(key);
      const name = groups.find(key);
      members.set(name, (members.get(name) ?? new Set()).add(key));
    }
    push(parts, groups.find(home), field);
  });
  if (members.size < 2) return [];
  const staying = stayingPart(parts, groups, input);
  // The anchor of a profile that is gone may be parked by now: its past stays with what is left
  for (const [field, anchor] of later) push(parts, known.has(anchor) ? groups.find(anchor) : staying, field);
  parts.delete(staying);
  return Array.from(parts, ([name, names]) => ({ fields: names, point: [...(members.get(name) ?? [])] }));
}

/** Others rely on where a hub is, so the part of one that was there before stays; else the one with the most fields. */
function stayingPart(parts: ReadonlyMap<string, readonly string[]>, groups: Groups, input: StorageInput): string {
  const { published, hubs, component } = input;
  const old = new Set<string>();
  for (const hub of hubs) if (published.has(hub) && !component.elsewhere.has(hub)) old.add(groups.find(hub));
  let staying = '';
  for (const [name, fields] of parts) {
    const better = Number(old.has(name)) - Number(old.has(staying));
    if (staying === '' || better > 0 || (better === 0 && fields.length > parts.get(staying)!.length)) staying = name;
  }
  return staying;
}

function push(lists: Map<string, string[]>, name: string, item: string): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [item]);
  else list.push(item);
}

/** The identifier whose component has a field. */
function homeOf(field: string, input: StorageInput): IdentifierKey {
  const kind = field[0];
  if (kind === 'x') return partOf(field, 2);
  const one = partOf(field, 1);
  if (kind !== 'l' && kind !== 'd' && kind !== 'w') return one;
  const pair = { a: one, b: partOf(field, 2), rank: 0, before: 0 };
  return isVoid(pair, input.hubs, input.component.decided) ? sidesOf(pair, input)[1] : one;
}

/** Identifiers that an evidence field names. */
export function namedBy(field: string): IdentifierKey[] {
  const kind = field[0];
  if (kind === 'l' || kind === 'd' || kind === 'w') return [partOf(field, 1), partOf(field, 2)];
  return kind === 'o' || kind === 'c' || kind === 'h' ? [partOf(field, 1)] : [];
}
