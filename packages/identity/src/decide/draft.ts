import type { ComponentSnapshot, IdentifierKey } from '@kenal/contracts';
import type { Fields } from '../evidence/component.ts';
import { foldEvidence } from '../evidence/interaction-evidence.ts';
import { decodeLeaf } from '../evidence/leaf-text.ts';
import { type MergedEvidence, mergeEvidence } from '../evidence/merge.ts';
import { eachInParts, type Paused } from '../pauses.ts';
import type { Loaded } from './pieces.ts';
import type { Unit } from './unit.ts';

/** A parked leaf that is looked at. */
export interface TakenLeaf {
  readonly centre: IdentifierKey;
  /** As it is parked. */
  readonly text: string;
}

/** The stored evidence of a unit with the new evidence merged into it. */
export interface Draft extends MergedEvidence {
  readonly components: readonly ComponentSnapshot[];
  /** Fields of the components. */
  readonly layers: readonly Fields[];
  /** Parked leaves among its identifiers, or taken from a shelf. */
  readonly leaves: ReadonlyMap<IdentifierKey, TakenLeaf>;
  /** Fields of the parked leaves. */
  readonly leafFields: Fields;
  /** Identifiers of the unit that nobody knows yet. */
  readonly absent: ReadonlySet<IdentifierKey>;
  /** Text of a field before the new evidence. */
  stored(field: string): string | undefined;
}

/** More layers than these are read into one before a field is looked for. */
const MOST_LAYERS = 8;
const NO_FIELDS: Fields = new Map();
const NO_LEAVES: Draft['leaves'] = new Map();
const NOBODY: ReadonlySet<IdentifierKey> = new Set();

/** @param centres those whose shelf is emptied onto the table: its leaves are looked at with all others */
export function* draftOf(
  { evidence, keys, components }: Unit,
  loaded: Loaded,
  centres: Iterable<IdentifierKey> = [],
): Paused<Draft> {
  const { pointers } = loaded;
  const layers = components.map(({ fields }) => fields);
  const leaves = takenLeaves(keys, loaded, centres);
  const leafFields = leaves.size === 0 ? NO_FIELDS : yield* fieldsOfLeaves(leaves);
  const looked = layers.length > MOST_LAYERS ? [yield* readTogether(layers)] : layers;
  const stored = (field: string): string | undefined => firstOf(looked, field) ?? leafFields.get(field);
  const unknown = keys.filter((key) => !pointers.has(key));
  const absent = unknown.length === 0 ? NOBODY : new Set(unknown);
  const { changed, movesPeople, movesContent } = mergeEvidence(stored, foldEvidence(evidence));
  return { changed, movesPeople, movesContent, components, layers, leaves, leafFields, absent, stored };
}

function firstOf(layers: readonly Fields[], field: string): string | undefined {
  for (const fields of layers) {
    const text = fields.get(field);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** A hub that is none any more brings thousands of layers, and every field is asked for. */
function* readTogether(layers: readonly Fields[]): Paused<Fields> {
  const all = new Map<string, string>();
  const take = ([field, text]: readonly [string, string]): void => {
    if (!all.has(field)) all.set(field, text);
  };
  yield* eachInParts(fieldsOf(layers), take);
  return all;
}

/** Fields of one layer after the other. */
export function* fieldsOf(layers: readonly Fields[]): Generator<readonly [string, string]> {
  for (const layer of layers) yield* layer;
}

function takenLeaves(
  keys: readonly IdentifierKey[],
  { parked, shelves }: Loaded,
  centres: Iterable<IdentifierKey>,
): Draft['leaves'] {
  let leaves: Map<IdentifierKey, TakenLeaf> | null = null;
  for (const centre of centres) {
    leaves ??= new Map();
    for (const { leaf, text } of shelves.get(centre)?.entries ?? [])
      if (text !== null) leaves.set(leaf, { centre, text });
  }
  if (parked.size > 0) {
    leaves ??= new Map();
    for (const key of keys) {
      const leaf = parked.get(key);
      if (leaf !== undefined) leaves.set(key, leaf);
    }
  }
  return leaves ?? NO_LEAVES;
}

function* fieldsOfLeaves(leaves: Draft['leaves']): Paused<Fields> {
  const fields = new Map<string, string>();
  yield* eachInParts(leaves, ([leaf, { centre, text }]) => {
    for (const [field, value] of decodeLeaf(centre, leaf, text)) fields.set(field, value);
  });
  return fields;
}
