import type { Change, ComponentCommit, ComponentSnapshot, IdentifierKey, Micros } from '@kenal/contracts';
import { partition } from '../cluster/partition.ts';
import {
  decodeComponent,
  decodePublishedComponent,
  type Fields,
  type PublishedComponent,
} from '../evidence/component.ts';
import {
  type Assigned,
  assignmentField,
  decodeAssigned,
  encodeAssigned,
  encodePublished,
  isContentKind,
  profileField,
} from '../evidence/fields.ts';
import { foldEvidence, type InteractionEvidence } from '../evidence/interaction-evidence.ts';
import { mergeEvidence } from '../evidence/merge.ts';
import { unescapePart } from '../evidence/text-codec.ts';
import type { IdentityRules } from '../rules.ts';
import { changesOf } from './changes.ts';
import { diffContents, diffPartition, type PartitionDiff } from './diff.ts';
import { ghostsOf } from './ghosts.ts';

export interface DecisionInput {
  readonly rules: IdentityRules;
  /** Clock of the state store. */
  readonly now: Micros;
  /** Id for a component where a new one has to be made; never used before, not even by a state that was lost since. */
  readonly newComponent: string;
  /** Component of each identifier of the evidence that has one. */
  readonly pointers: ReadonlyMap<IdentifierKey, string>;
  /** All components that the identifiers point to; several are joined by this decision. */
  readonly components: readonly ComponentSnapshot[];
  /** Identifiers whose evidence is read again because the state was lost (ghosts.ts). */
  readonly recovering?: ReadonlySet<IdentifierKey>;
  /** At least one, in log order, connected with each other by identifiers or components. */
  readonly evidence: readonly InteractionEvidence[];
}

export interface Decision {
  /** What to write (the outbox is the caller's encoding of `changes`), or null where nothing differs. */
  readonly commit: Omit<ComponentCommit, 'outbox'> | null;
  readonly changes: readonly Change[];
  /** Profile of each owner in the evidence once the commit stands. */
  readonly owners: ReadonlyMap<IdentifierKey, Assigned>;
}

/** What new evidence does to one component: fields to write, change records, and whose the interactions are. Pure. */
export function decide(input: DecisionInput): Decision {
  const { components, evidence, pointers } = input;
  const layers = components.map(({ fields }) => fields);
  const stored = (field: string): string | undefined => {
    for (const fields of layers) {
      const text = fields.get(field);
      if (text !== undefined) return text;
    }
    return undefined;
  };
  const absent = [...new Set(evidence.flatMap(({ keys }) => keys))].filter((key) => !pointers.has(key));
  const merged = mergeEvidence(stored, foldEvidence(evidence));
  const { changed } = merged;
  const sameComponent = components.length === 1 && absent.length === 0 && !input.recovering?.size;
  if (sameComponent && !merged.movesPeople && !merged.movesContent) {
    // Most events: a known person was seen again
    const commit = changed.size === 0 ? null : commitOf(input, absent, changed, [], new Map());
    return { commit, changes: [], owners: ownersOf(evidence, stored) };
  }
  const known = sameComponent && !merged.movesPeople;
  const [after, diff] = known ? newContents(input, layers, changed) : newPartition(input, layers, changed);
  const changes = changesOf({ rules: input.rules, after, fields: layers, diff, evidence });
  const set = new Map(changed);
  for (const [field, text] of publicationFields(diff)) set.set(field, text);
  const issued = new Map(diff.ghosts.map(({ profileId, anchor }) => [profileId, anchor]));
  for (const { previous, cluster } of diff.steps) if (previous === null) issued.set(cluster.profileId, cluster.anchor);
  const unset = diff.released.map(assignmentField);
  const nothing = components.length === 1 && absent.length + set.size + unset.length === 0;
  const commit = nothing ? null : commitOf(input, absent, set, unset, issued);
  return { commit, changes, owners: ownersOf(evidence, (field) => set.get(field) ?? stored(field)) };
}

/** Somebody said something new of a known person. */
function newContents(
  { rules, now }: DecisionInput,
  layers: readonly Fields[],
  changed: Fields,
): [PublishedComponent, PartitionDiff] {
  const after = decodePublishedComponent(layers, changed);
  return [after, diffContents(after, rules, touchedBy(changed), now)];
}

const NOBODY: ReadonlySet<IdentifierKey> = new Set();

/** Somebody or some link is new, or older than was known. */
function newPartition(
  { rules, now, recovering = NOBODY }: DecisionInput,
  layers: readonly Fields[],
  changed: Fields,
): [PublishedComponent, PartitionDiff] {
  const after = decodeComponent(layers, changed);
  const people = partition(after, rules);
  const diff = diffPartition(after, people, rules, touchedBy(changed), now);
  return [after, { ...diff, ghosts: ghostsOf(after, people, diff, recovering, rules) }];
}

/** Assignments and versions as they are published by this decision. */
function publicationFields({ steps, gone, ghosts, version }: PartitionDiff): Map<string, string> {
  const fields = new Map<string, string>();
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

function commitOf(
  { components, newComponent }: DecisionInput,
  absent: readonly IdentifierKey[],
  set: ReadonlyMap<string, string>,
  unset: readonly string[],
  issued: ReadonlyMap<string, IdentifierKey>,
): Omit<ComponentCommit, 'outbox'> {
  // The largest stays where it is
  const [target, ...absorbed] = components.toSorted((a, b) => b.fields.size - a.fields.size || (a.id < b.id ? -1 : 1));
  const id = target?.id ?? newComponent;
  return {
    target: id,
    expect: new Map(
      target === undefined ? [[id, 0]] : components.map((component) => [component.id, component.version]),
    ),
    absent,
    absorb: absorbed.map((component) => component.id),
    set,
    unset,
    point: [...absent, ...absorbed.flatMap(({ fields }) => identifiersOf(fields))],
    issued,
  };
}

/** All identifiers that evidence fields name. */
function identifiersOf(fields: ReadonlyMap<string, string>): IdentifierKey[] {
  const keys = new Set<IdentifierKey>();
  for (const field of fields.keys()) {
    const [kind, one = '', two = ''] = field.split('|');
    if (kind === 'o' || kind === 'l') keys.add(unescapePart(one));
    if (kind === 'l') keys.add(unescapePart(two));
  }
  return [...keys];
}

/** Owners of traits and identifiers with spellings among the changed fields: their profiles' content may differ. */
function touchedBy(changed: ReadonlyMap<string, string>): Set<IdentifierKey> {
  const touched = new Set<IdentifierKey>();
  for (const field of changed.keys()) {
    const [kind, one = ''] = field.split('|', 2);
    if (isContentKind(kind)) touched.add(unescapePart(one));
  }
  return touched;
}

function ownersOf(
  evidence: readonly InteractionEvidence[],
  textOf: (field: string) => string | undefined,
): Map<IdentifierKey, Assigned> {
  const owners = new Map<IdentifierKey, Assigned>();
  for (const { owner } of evidence) {
    if (owners.has(owner)) continue;
    const text = textOf(assignmentField(owner));
    if (text === undefined) throw new Error('the owner of an interaction has no profile');
    owners.set(owner, decodeAssigned(text));
  }
  return owners;
}
