import type { ComponentCommit, ComponentSnapshot, IdentifierKey, ParkedLeaf } from '@kenal/contracts';
import type { Partition } from '../cluster/partition.ts';
import type { Component } from '../evidence/component.ts';
import {
  assignmentField,
  encodeAssigned,
  encodePublished,
  hubField,
  partOf,
  profileField,
} from '../evidence/fields.ts';
import { encodeLeaf } from '../evidence/leaf-text.ts';
import { isSmall } from '../evidence/sight.ts';
import { eachInParts, type Paused } from '../pauses.ts';
import type { PartitionDiff } from './diff.ts';
import { type Draft, fieldsOf } from './draft.ts';
import { parkingOf, shelfTypesOf } from './parking.ts';
import type { Settings, Written } from './settle.ts';
import { namedBy, type Storage, storageOf } from './storage.ts';

export type Commit = Omit<ComponentCommit, 'outbox'>;

/** Assignments and versions as they are published by a decision. */
export function putPublication(
  fields: Map<string, string>,
  { steps, gone, ghosts, version }: PartitionDiff,
): Map<string, string> {
  for (const { cluster, now, moved } of steps) {
    const { profileId, anchor } = cluster;
    fields.set(profileField(profileId), encodePublished({ version, hash: now.hash, anchor }));
    for (const { key } of moved) fields.set(assignmentField(key), encodeAssigned({ profileId, version }));
  }
  for (const { profileId, previous } of gone)
    fields.set(profileField(profileId), encodePublished({ version, hash: '', anchor: previous.anchor }));
  for (const { profileId, anchor } of ghosts)
    fields.set(profileField(profileId), encodePublished({ version, hash: '', anchor }));
  return fields;
}

const NOTHING: ReadonlyMap<string, string> = new Map();

/** Known people: who is who stands as it was, so that evidence of parked leaves goes back to their shelves. */
export function writeContents(draft: Draft, publication: ReadonlyMap<string, string> | null): Written {
  const { components, changed, leaves, leafFields } = draft;
  let set = changed;
  const park = new Map<IdentifierKey, ParkedLeaf>();
  if (leaves.size > 0 || publication !== null) {
    const own = new Map(publication ?? NOTHING);
    const moved = new Set<IdentifierKey>();
    for (const [field, text] of changed) {
      const leaf = leaves.size === 0 ? undefined : [partOf(field, 1), partOf(field, 2)].find((key) => leaves.has(key));
      if (leaf === undefined) own.set(field, text);
      else moved.add(leaf);
    }
    for (const leaf of moved) {
      const { centre } = leaves.get(leaf)!;
      const mine = [...leafFields, ...changed].filter(([field]) => namesLeaf(field, leaf));
      park.set(leaf, { centre, text: encodeLeaf(new Map(mine)) });
    }
    set = own;
  }
  const textOf = (field: string): string | undefined => set.get(field) ?? draft.stored(field);
  const [target] = components;
  if (target === undefined || set.size + park.size === 0) return { commit: null, textOf };
  const { id, version } = target;
  const expect = new Map([[id, version]]);
  const commit: Commit = { target: id, expect, absent: [], absorb: [], set, unset: [], point: [], issued: NOTHING };
  return { commit: park.size === 0 ? commit : { ...commit, park }, textOf };
}

function namesLeaf(field: string, leaf: IdentifierKey): boolean {
  return partOf(field, 1) === leaf || (field[0] === 'l' && partOf(field, 2) === leaf);
}

export interface PartitionInput {
  readonly draft: Draft;
  readonly component: Component;
  readonly published: ReadonlySet<IdentifierKey>;
  readonly people: Partition;
  readonly diff: PartitionDiff;
  /** Centres whose shelves were emptied onto the table. */
  readonly opened: ReadonlySet<IdentifierKey>;
  readonly settings: Settings;
}

/** All that differs once it is known who is who. */
export function* writePartition(input: PartitionInput): Paused<Written> {
  const { draft, component, published, people, diff, opened, settings } = input;
  const { rules, loaded } = settings;
  const parking = parkingOf(draft, people.surplus);
  const set = new Map<string, string>();
  const unset = new Set<string>(parking.unset);
  for (const [field, text] of draft.leafFields) if (parking.leafOf(field) === null) set.set(field, text);
  for (const [field, text] of draft.changed) if (parking.leafOf(field) === null) set.set(field, text);
  putPublication(set, diff);
  for (const key of diff.released) unset.add(assignmentField(key));
  for (const [field, text] of shelfTypesOf(component, draft, people.surplus, rules, loaded, opened)) {
    if (text === '') unset.add(field);
    else if (draft.stored(field) !== text) set.set(field, text);
  }
  const isLarge = !isSmall(component);
  if (isLarge) yield;
  const storage =
    published.size + people.hubs.size === 0 && settings.isErasure !== true
      ? null
      : yield* storageOf({
          ...{ draft, component, rules, loaded, published, parking, version: diff.version },
          ...{ hubs: people.hubs, final: yield* finalOf(draft, set, unset) },
        });
  if (isLarge) yield;
  for (const [field, text] of storage?.set ?? []) set.set(field, text);
  for (const field of storage?.unset ?? []) unset.add(field);
  for (const field of unset) if (draft.stored(field) === undefined) unset.delete(field);
  const textOf = (field: string): string | undefined =>
    set.get(field) ?? (unset.has(field) ? undefined : draft.stored(field));
  return { commit: yield* assemble(input, { set, unset: [...unset], parking, storage }), textOf };
}

function* finalOf(
  draft: Draft,
  set: ReadonlyMap<string, string>,
  unset: ReadonlySet<string>,
): Paused<Map<string, string>> {
  const final = new Map<string, string>();
  const take = ([field, text]: readonly [string, string]): void => {
    if (!unset.has(field)) final.set(field, text);
  };
  yield* eachInParts(fieldsOf(draft.layers), take);
  for (const [field, text] of set) final.set(field, text);
  return final;
}

interface Parts {
  readonly set: ReadonlyMap<string, string>;
  readonly unset: readonly string[];
  readonly parking: ReturnType<typeof parkingOf>;
  readonly storage: Storage | null;
}

function* assemble(input: PartitionInput, { set, unset, parking, storage }: Parts): Paused<Commit | null> {
  const { draft, published, people, diff, settings } = input;
  const { components, absent } = draft;
  const [target, ...absorbed] = largestFirst(components, published);
  const id = target?.id ?? settings.newComponent();
  const detach = (storage?.detach ?? []).map((piece) => ({ id: settings.newComponent(), ...piece }));
  const point = yield* pointing(input, absorbed, parking, detach);
  const shelve = shelfMoves(parking, storage);
  if (set.size + unset.length + parking.park.size + shelve.length + point.length + detach.length === 0) return null;
  const freed = [...published].filter((hub) => !people.hubs.has(hub) && settings.loaded.shelves.has(hub));
  const expect = new Map(target === undefined ? [[id, 0]] : components.map(({ id: each, version }) => [each, version]));
  const absorb = absorbed.map((component) => component.id);
  const common: Commit = { target: id, expect, absent: [...absent], absorb, set, unset, issued: issuedBy(diff), point };
  if (storage === null && parking.park.size + shelve.length === 0) return common;
  return {
    ...common,
    ...(storage === null || storage.unchanged.length === 0 ? {} : { unchanged: storage.unchanged }),
    ...(freed.length === 0
      ? {}
      : { shelfSizes: new Map(freed.map((hub) => [hub, settings.loaded.shelves.get(hub)!.size])) }),
    ...(detach.length === 0 ? {} : { detach }),
    ...(parking.park.size === 0 ? {} : { park: parking.park }),
    ...(shelve.length === 0 ? {} : { shelve }),
  };
}

/** Identifiers that point to the target from now on. */
function* pointing(
  { draft, people }: PartitionInput,
  absorbed: readonly ComponentSnapshot[],
  { unparked }: Parts['parking'],
  detach: readonly { readonly point: readonly IdentifierKey[] }[],
): Paused<readonly IdentifierKey[]> {
  const { absent } = draft;
  if (absorbed.length + unparked.length + detach.length + people.surplus.size === 0) return [...absent];
  const away = new Set(detach.flatMap(({ point }) => point));
  const point = new Set([...absent, ...unparked]);
  yield* eachInParts(absorbed, ({ fields }) => {
    for (const key of identifiersOf(fields)) point.add(key);
  });
  return [...point].filter((key) => !away.has(key) && !people.surplus.has(key));
}

/** The first stays where it is: others rely on where a hub is; else the largest, which moves the least. */
function largestFirst(
  components: readonly ComponentSnapshot[],
  hubs: ReadonlySet<IdentifierKey>,
): readonly ComponentSnapshot[] {
  if (components.length < 2) return components;
  const marks = Array.from(hubs, hubField);
  const withHub = new Set(components.filter(({ fields }) => marks.some((mark) => fields.has(mark))));
  return components.toSorted(
    (a, b) =>
      Number(withHub.has(b)) - Number(withHub.has(a)) || b.fields.size - a.fields.size || (a.id < b.id ? -1 : 1),
  );
}

/** What storage says of an entry holds before what parking says. */
function shelfMoves(parking: ReturnType<typeof parkingOf>, storage: Storage | null): NonNullable<Commit['shelve']> {
  if (storage === null) return parking.shelve;
  const named = new Set(storage.shelve.map(({ centre, leaf }) => `${centre}\n${leaf}`));
  return [...parking.shelve.filter(({ centre, leaf }) => !named.has(`${centre}\n${leaf}`)), ...storage.shelve];
}

function issuedBy({ steps, ghosts }: PartitionDiff): Map<string, IdentifierKey> {
  const issued = new Map(ghosts.map(({ profileId, anchor }) => [profileId, anchor]));
  for (const { previous, cluster } of steps) if (previous === null) issued.set(cluster.profileId, cluster.anchor);
  return issued;
}

/** All identifiers whose component this is: those that its evidence names, but the hubs that have one of their own. */
export function identifiersOf(fields: ComponentSnapshot['fields']): IdentifierKey[] {
  const keys = new Set<IdentifierKey>();
  const elsewhere = new Set<IdentifierKey>();
  const own = new Set<IdentifierKey>();
  for (const field of fields.keys()) {
    for (const key of namedBy(field)) keys.add(key);
    if (field[0] === 'x') elsewhere.add(partOf(field, 1));
    if (field[0] === 'h') own.add(partOf(field, 1));
  }
  for (const hub of elsewhere) if (!own.has(hub)) keys.delete(hub);
  return [...keys];
}
