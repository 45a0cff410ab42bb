import type { IdentifierKey, LoadedState } from '@kenal/contracts';
import { elsewhereField, hubField, linkField, partOf, spellingField } from '../evidence/fields.ts';
import type { InteractionEvidence } from '../evidence/interaction-evidence.ts';
import type { Span } from '../evidence/span.ts';

export interface Loaded extends Pick<LoadedState, 'pointers' | 'parked' | 'components' | 'shelves'> {
  /** Identifiers that were asked for beside those of the evidence: what none of them has is not asked for again. */
  readonly asked?: ReadonlySet<IdentifierKey>;
}

const NO_HUBS: ReadonlySet<IdentifierKey> = new Set();
const found = new WeakMap<Loaded, ReadonlySet<IdentifierKey>>();

/** Identifiers with links to all sides, among those that were loaded; their components say so. */
export function hubsIn(loaded: Loaded): ReadonlySet<IdentifierKey> {
  let hubs = found.get(loaded);
  if (hubs === undefined) {
    const all: IdentifierKey[] = [];
    for (const [key, id] of loaded.pointers)
      if (loaded.components.get(id)?.fields.has(hubField(key)) === true && !loaded.parked.has(key)) all.push(key);
    hubs = all.length === 0 ? NO_HUBS : new Set(all);
    found.set(loaded, hubs);
  }
  return hubs;
}

/**
 * A link to a hub joins nobody, so it must not join what is stored either: the evidence of one interaction falls into
 * pieces that hang together without its hubs. The link stays with the other end; of two hubs with the owner. Each piece
 * is decided by itself. A decision (directive) is looked at with both ends.
 */
export function piecesOf(evidence: InteractionEvidence, loaded: Loaded): readonly InteractionEvidence[] {
  const { owner, keys, rule } = evidence;
  const hubs = hubsIn(loaded);
  // What was computed of somebody (no owner, no rule) names one identifier and no link
  if (hubs.size === 0 || rule !== undefined || owner === '' || !keys.some((key) => hubs.has(key))) return [evidence];
  return hubs.has(owner) ? ofHub(evidence, loaded, hubs) : withHubs(evidence, hubs);
}

/** The owner is nobody's hub: all but the hubs stays together. */
function withHubs(evidence: InteractionEvidence, hubs: ReadonlySet<IdentifierKey>): InteractionEvidence[] {
  const fields = new Map(evidence.fields);
  const pieces: InteractionEvidence[] = [];
  for (const hub of evidence.keys.filter((key) => hubs.has(key))) pieces.push(...spelling(evidence, hub, fields));
  const keys = evidence.keys.filter((key) => !hubs.has(key));
  return [{ ...evidence, keys, fields }, ...pieces];
}

/** The owner is a hub: who has a component stays there; who is new, or known from this hub alone, goes to its shelf. */
function ofHub(evidence: InteractionEvidence, loaded: Loaded, hubs: ReadonlySet<IdentifierKey>): InteractionEvidence[] {
  const { owner, source, keys } = evidence;
  const fields = new Map(evidence.fields);
  const own: IdentifierKey[] = [owner];
  const pieces: InteractionEvidence[] = [];
  for (const key of keys) {
    if (key === owner) continue;
    const id = loaded.pointers.get(key);
    if (id === undefined || (loaded.parked.has(key) && id === loaded.pointers.get(owner))) own.push(key);
    else if (hubs.has(key) && !keepsLink(key, owner, loaded)) pieces.push(...spelling(evidence, key, fields));
    else pieces.push(aside(evidence, key, fields, [linkField(owner, key, source), spellingField(key, source)]));
  }
  return [{ ...evidence, keys: own, fields }, ...pieces];
}

/** Whether the link of two hubs stands with the weaker: it was the only one of them once. */
function keepsLink(key: IdentifierKey, owner: IdentifierKey, { pointers, components }: Loaded): boolean {
  return components.get(pointers.get(key) ?? '')?.fields.has(elsewhereField(owner, key)) === true;
}

/** A spelling that a hub already has is no news for anybody. */
function spelling(evidence: InteractionEvidence, hub: IdentifierKey, fields: Map<string, Span>): InteractionEvidence[] {
  const field = spellingField(hub, evidence.source);
  return fields.has(field) ? [aside(evidence, hub, fields, [field])] : [];
}

function aside(
  evidence: InteractionEvidence,
  key: IdentifierKey,
  fields: Map<string, Span>,
  names: readonly string[],
): InteractionEvidence {
  const taken = new Map<string, Span>();
  for (const name of names) {
    const span = fields.get(name);
    if (span !== undefined) taken.set(name, span);
    fields.delete(name);
  }
  return { ...evidence, owner: '', keys: [key], fields: taken };
}

/** Hubs that the links of a piece lead to and that are none of its keys. */
export function hubsBeside({ keys, fields }: InteractionEvidence): IdentifierKey[] {
  const own = new Set(keys);
  const hubs: IdentifierKey[] = [];
  for (const field of fields.keys()) {
    if (field[0] !== 'l') continue;
    for (const end of [partOf(field, 1), partOf(field, 2)]) if (!own.has(end)) hubs.push(end);
  }
  return hubs;
}
