import type { Change, ComponentSnapshot, IdentifierKey, Micros, Shelf } from '@kenal/contracts';
import type { Fields } from '../evidence/component.ts';
import { decodeAssigned, decodePublished, hubField, partOf, shelfField } from '../evidence/fields.ts';
import { type Paused, straight } from '../pauses.ts';
import type { IdentityRules } from '../rules.ts';
import { type Commit, identifiersOf } from './commit.ts';
import type { ComponentDecision } from './decide.ts';
import type { Loaded } from './pieces.ts';
import { type Settings, settle } from './settle.ts';
import { createWanted, type Wanted, type Wants } from './wants.ts';

export interface ErasureInput {
  readonly rules: IdentityRules;
  readonly now: Micros;
  readonly newComponent: () => string;
  /** What the state has of the keys, and of all that was wanted. */
  readonly loaded: Loaded;
  /** Identifiers of the person. */
  readonly keys: ReadonlySet<IdentifierKey>;
  readonly cause: Change['cause'];
}

export interface Erasure {
  readonly commits: readonly ComponentDecision[];
  /** Hubs that were seen with the person; their components have to be decided again, they may be hubs no more. */
  readonly revisit: readonly IdentifierKey[];
  /** As in `Decision`. */
  readonly wants: Wants | null;
}

const NO_FIELDS: Fields = new Map();

/**
 * Forget identifiers: all evidence that names them is taken away, and what is left is decided again without it. The change
 * that tells of it says which identifiers are released, for whoever has rows of theirs to hide, and nothing else of the
 * person. Done again it does nothing.
 */
export function erase(input: ErasureInput): Erasure {
  return straight(eraseInParts(input));
}

/** The same with pauses. */
export function* eraseInParts({ rules, now, newComponent, loaded, keys, cause }: ErasureInput): Paused<Erasure> {
  const wanted = createWanted();
  const targets = targetsOf(keys, loaded, wanted);
  const rest = withoutKeys(loaded, keys);
  const settings: Settings = {
    ...{ rules, now, newComponent, loaded: rest, cause, slow: true, isErasure: true, recovering: new Set() },
  };
  const commits: ComponentDecision[] = [];
  const revisit = new Set<IdentifierKey>();
  const done = new Set<string>();
  for (const id of wanted.all() === null ? targets : []) {
    if (done.has(id)) continue;
    const settled = yield* settle({ evidence: [], keys: [], components: [rest.components.get(id)!] }, settings);
    if ('identifiers' in settled) {
      wanted.add(settled);
      continue;
    }
    const commit = settled.commit ?? untouched(rest.components.get(id)!);
    for (const joined of commit.expect.keys()) done.add(joined);
    const taken = takenBy(commit, loaded, rest, keys, rules);
    for (const { centre } of taken.shelve) if (!keys.has(centre)) revisit.add(centre);
    if (isNothing(commit, taken)) continue;
    commits.push({
      commit: { ...commit, ...taken, shelve: [...(commit.shelve ?? []), ...taken.shelve] },
      changes: [
        ...settled.changes.map((change) => {
          const released = releasedFrom(change.profileId, commit, loaded, keys);
          return released.length === 0 ? change : { ...change, released: [...change.released, ...released] };
        }),
        ...erasedChanges(commit, loaded, { rules, now, cause, keys }),
      ],
    });
  }
  const wants = wanted.all();
  return wants === null ? { commits, revisit: [...revisit], wants } : { commits: [], revisit: [], wants };
}

/** Components that name one of the keys: their own, and those of the neighbours of a hub among them. */
function targetsOf(keys: ReadonlySet<IdentifierKey>, loaded: Loaded, wanted: Wanted): Set<string> {
  const { pointers, components, shelves, parked, asked } = loaded;
  const targets = new Set<string>();
  for (const key of keys) {
    const id = pointers.get(key);
    const fields = components.get(id ?? '')?.fields;
    if (id === undefined || fields === undefined) continue;
    targets.add(id);
    if (parked.has(key) || !(fields.has(shelfField(key)) || fields.has(hubField(key)))) continue;
    const shelf = shelves.get(key);
    if (shelf === undefined || shelf.entries.length < shelf.size) wanted.more(key, shelf);
    for (const { leaf, text } of shelf?.entries ?? []) {
      if (text !== null) continue;
      const other = pointers.get(leaf);
      if (other !== undefined) targets.add(other);
      else if (asked?.has(leaf) !== true) wanted.identifier(leaf);
    }
  }
  return targets;
}

/** The same without all that names one of the keys, and without spellings of whom nothing else is left. */
function withoutKeys(loaded: Loaded, keys: ReadonlySet<IdentifierKey>): Loaded {
  const components = new Map<string, ComponentSnapshot>();
  for (const [id, component] of loaded.components) {
    const fields = new Map([...component.fields].filter(([field, text]) => !namesOneOf(keys, field, text)));
    const left = new Set(identifiersOf(fields));
    for (const field of fields.keys())
      if ('vas'.includes(field[0]!) && !left.has(partOf(field, 1))) fields.delete(field);
    components.set(id, { ...component, fields });
  }
  const shelves = new Map<IdentifierKey, Shelf>();
  for (const [centre, { entries, size }] of loaded.shelves) {
    const left = keys.has(centre) ? [] : entries.filter(({ leaf }) => !keys.has(leaf));
    shelves.set(centre, { entries: left, size: size - (entries.length - left.length) });
  }
  return { ...loaded, components, shelves };
}

function namesOneOf(keys: ReadonlySet<IdentifierKey>, field: string, text: string): boolean {
  const kind = field[0];
  if (kind === 'p') return keys.has(decodePublished(text).anchor);
  if (keys.has(partOf(field, 1))) return true;
  return (kind === 'l' || kind === 'd' || kind === 'w' || kind === 'x') && keys.has(partOf(field, 2));
}

function untouched({ id, version }: ComponentSnapshot): Commit {
  const nothing = { absent: [], absorb: [], set: new Map(), unset: [], point: [], issued: new Map() };
  return { target: id, expect: new Map([[id, version]]), ...nothing };
}

interface Taken {
  readonly unset: readonly string[];
  readonly forget: readonly IdentifierKey[];
  readonly recall: readonly string[];
  readonly shelve: NonNullable<Commit['shelve']>;
}

/** What an erasure takes from the components of a commit, beside what follows from it. */
function takenBy(
  { expect, unset }: Commit,
  loaded: Loaded,
  rest: Loaded,
  keys: ReadonlySet<IdentifierKey>,
  rules: IdentityRules,
): Taken {
  const gone = new Set(unset);
  const forget = new Set<IdentifierKey>();
  const shelve: { centre: IdentifierKey; leaf: IdentifierKey; rank: null }[] = [];
  for (const id of expect.keys()) {
    const [before, after] = [loaded.components.get(id)?.fields ?? NO_FIELDS, rest.components.get(id)!.fields];
    for (const field of before.keys()) {
      if (after.has(field)) continue;
      gone.add(field);
      if (field[0] === 'x') shelve.push({ centre: partOf(field, 1), leaf: partOf(field, 2), rank: null });
    }
    const left = new Set(identifiersOf(after));
    for (const key of identifiersOf(before)) if (!left.has(key)) forget.add(key);
  }
  for (const key of keys) {
    if (!expect.has(loaded.pointers.get(key) ?? '')) continue;
    forget.add(key);
    const leaf = loaded.parked.get(key);
    if (leaf !== undefined) shelve.push({ centre: leaf.centre, leaf: key, rank: null });
    for (const entry of loaded.shelves.get(key)?.entries ?? []) {
      if (entry.text === null) continue;
      forget.add(entry.leaf);
      shelve.push({ centre: key, leaf: entry.leaf, rank: null });
    }
  }
  // Any of them may have given a profile its id
  return { unset: [...gone], forget: [...forget], recall: Array.from(forget, rules.profileIdOf), shelve };
}

function isNothing(commit: Commit, { unset, forget, shelve }: Taken): boolean {
  return commit.set.size + unset.length + forget.length + shelve.length + (commit.detach?.length ?? 0) === 0;
}

/** A profile that is gone because its person is forgotten: nothing that was known is told again. */
function erasedChanges(
  commit: Commit,
  loaded: Loaded,
  { rules, now, cause, keys }: Pick<ErasureInput, 'rules' | 'now' | 'cause' | 'keys'>,
): Change[] {
  const changes: Change[] = [];
  for (const id of commit.expect.keys()) {
    for (const [field, text] of loaded.components.get(id)?.fields ?? []) {
      if (field[0] !== 'p') continue;
      const { anchor, hash, version: previousVersion } = decodePublished(text);
      if (!keys.has(anchor) || hash === '') continue;
      const profileId = partOf(field, 1);
      const version = Math.max(now, previousVersion + 1);
      changes.push({
        ...{ id: `${profileId}:${version}`, type: 'erased', workspace: rules.workspace, profileId, version },
        ...{ previousVersion, occurredAt: version, before: null, after: null, changed: [], assigned: [], cause },
        ...{ mergedInto: null, mergedFrom: [], splitInto: [] },
        released: releasedFrom(profileId, commit, loaded, keys),
      });
    }
  }
  return changes;
}

/** Identifiers among the keys that were published under a profile. */
function releasedFrom(
  profileId: string,
  { expect }: Commit,
  { components }: Loaded,
  keys: ReadonlySet<IdentifierKey>,
): IdentifierKey[] {
  const released: IdentifierKey[] = [];
  for (const id of expect.keys())
    for (const [field, text] of components.get(id)?.fields ?? [])
      if (field[0] === 'a' && keys.has(partOf(field, 1)) && decodeAssigned(text).profileId === profileId)
        released.push(partOf(field, 1));
  return released;
}
