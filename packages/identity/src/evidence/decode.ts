import type { IdentifierKey, PairVerb } from '@kenal/contracts';
import { A_PART, entriesInParts, type Paused, straight } from '../pauses.ts';
import type { Component, Fields, Masks, PublishedComponent } from './component.ts';
import { decodeAssigned, decodePublished, EVIDENCE, partOf, sourceOf } from './fields.ts';
import { sight } from './sight.ts';
import { compareStamps, type Stamp } from './span.ts';
import { decodeTimes, splitParts } from './text-codec.ts';

const NOTHING: Fields = new Map();
const NO_MASKS: Masks = { revokedSources: new Set(), model: null, isBlocked: null };
/** What was seen of identifiers; what was decided of them counts, blocked or not. */
const SEEN = 'oltgvn';

/**
 * Read the fields of a component (fields.ts), e.g. of a `ComponentSnapshot`.
 * @param fields one map, or those of components that are being joined
 * @param masks the rules of the workspace
 * @param overlay texts that stand in front of those in `fields`
 */
export function decodeComponent(
  fields: Fields | readonly Fields[],
  masks: Masks = NO_MASKS,
  overlay: Fields = NOTHING,
): Component {
  return straight(decodeInParts(fields, masks, overlay));
}

/** The same with pauses. */
export function* decodeInParts(
  fields: Fields | readonly Fields[],
  masks: Masks,
  overlay: Fields = NOTHING,
): Paused<Component> {
  const component = emptyComponent();
  const own = new Set<IdentifierKey>();
  yield* eachField(fields, overlay, masks, (kind, field, text, counts) => {
    if (kind === 'o') putOwned(component, field, text, counts);
    else if (kind === 'l') putLink(component, field, text, counts);
    else if (kind === 'd') putDecided(component, field, text);
    else if (kind === 'w') putScored(component, field, text, masks);
    else if (kind === 'x') component.elsewhere.add(partOf(field, 1));
    else if (kind === 'k') component.shelves.set(partOf(field, 1), text);
    else if (kind === 'h') own.add(partOf(field, 1));
    else if (kind === 'n') putNames(component, field, text, counts);
    else {
      // Kept with the identifier wherever it goes: a parked leaf has room for its link alone
      if (kind === 'c' || kind === 's') component.core.add(partOf(field, 1));
      putPublished(component, kind, field, text, counts);
    }
  });
  for (const key of own) component.elsewhere.delete(key);
  for (const hubs of [own, component.elsewhere]) for (const key of hubs) component.hubs.add(key);
  buryLinks(component);
  yield* sight(component, component.hubs);
  return component;
}

/** The same without sightings and links: enough to tell what a profile's content is. */
export function decodePublishedComponent(
  fields: Fields | readonly Fields[],
  masks: Masks = NO_MASKS,
  overlay: Fields = NOTHING,
): PublishedComponent {
  return straight(decodePublishedInParts(fields, masks, overlay));
}

/** The same with pauses. */
export function* decodePublishedInParts(
  fields: Fields | readonly Fields[],
  masks: Masks,
  overlay: Fields = NOTHING,
): Paused<PublishedComponent> {
  const component = emptyPublished();
  yield* eachField(fields, overlay, masks, (kind, field, text, counts) =>
    putPublished(component, kind, field, text, counts),
  );
  return component;
}

function emptyComponent(): Component {
  const { traits, consents, computed, spellings, assigned, published } = emptyPublished();
  // Written out: spreading takes longer than all the maps
  return {
    traits,
    consents,
    computed,
    spellings,
    assigned,
    published,
    sighted: new Map(),
    counts: new Map(),
    links: new Map(),
    dead: new Map(),
    owned: new Map(),
    decided: new Map(),
    scored: new Map(),
    names: new Map(),
    core: new Set(),
    hubs: new Set(),
    elsewhere: new Set(),
    shelves: new Map(),
  };
}

function emptyPublished(): PublishedComponent {
  return {
    traits: new Map(),
    consents: new Map(),
    computed: new Map(),
    spellings: new Map(),
    assigned: new Map(),
    published: new Map(),
  };
}

function* eachField(
  fields: Fields | readonly Fields[],
  overlay: Fields,
  { revokedSources, isBlocked }: Masks,
  put: (kind: string, field: string, text: string, counts: boolean) => void,
): Paused<void> {
  const layers = Array.isArray(fields) ? (fields as readonly Fields[]) : [fields as Fields];
  let left = A_PART;
  for (const layer of [...layers, overlay]) {
    const take = (text: string, field: string): void => {
      if (layer !== overlay && overlay.has(field)) return;
      const kind = field[0] ?? '';
      const counts =
        (revokedSources.size === 0 || !revokedSources.has(sourceOf(field) ?? '')) &&
        (isBlocked === null || !isOfBlocked(kind, field, isBlocked));
      put(kind, field, text, counts);
    };
    yield* entriesInParts(layer, take);
    left -= layer.size;
    if (left > 0) continue;
    yield;
    left = A_PART;
  }
}

function isOfBlocked(kind: string, field: string, isBlocked: (key: IdentifierKey) => boolean): boolean {
  if (!SEEN.includes(kind)) return false;
  return isBlocked(partOf(field, 1)) || (kind === 'l' && isBlocked(partOf(field, 2)));
}

function putOwned({ owned, core }: Component, field: string, text: string, counts: boolean): void {
  const key = partOf(field, 1);
  core.add(key);
  if (!counts) return;
  const { first, last } = decodeTimes(text);
  const known = owned.get(key);
  if (known === undefined) owned.set(key, { first, last });
  else {
    if (first < known.first) known.first = first;
    if (last > known.last) known.last = last;
  }
}

function putLink({ links, dead }: Component, field: string, text: string, counts: boolean): void {
  const [a, b] = [partOf(field, 1), partOf(field, 2)];
  const ends = endsOf(a, b);
  const { first, last } = decodeTimes(text);
  const known = (counts ? links : dead).get(ends);
  if (known === undefined) (counts ? links : dead).set(ends, { a, b, first, last });
  else {
    if (first < known.first) known.first = first;
    if (last > known.last) known.last = last;
  }
}

/** Name of a pair in the maps of a component; a < b. */
export function endsOf(a: IdentifierKey, b: IdentifierKey): string {
  return `${a}\n${b}`;
}

function putDecided({ decided, core }: Component, field: string, text: string): void {
  const [a, b] = [partOf(field, 1), partOf(field, 2)];
  core.add(a).add(b);
  const { at, id, value } = EVIDENCE.d.decode(text).last;
  decided.set(endsOf(a, b), { a, b, verb: value as PairVerb, issuedAt: at, directive: id });
}

function putScored({ scored, core }: Component, field: string, text: string, { model }: Masks): void {
  const [a, b] = [partOf(field, 1), partOf(field, 2)];
  core.add(a).add(b);
  if (model === null || partOf(field, 3) !== model) return;
  const { at, id, value } = EVIDENCE.w.decode(text).last;
  const [weight = '0', detail = ''] = splitParts(value);
  scored.set(endsOf(a, b), { a, b, weight: Number(weight), detail, issuedAt: at, directive: id });
}

function putNames({ names }: Component, field: string, text: string, counts: boolean): void {
  if (!counts) return;
  const key = partOf(field, 1);
  const known = names.get(key) ?? new Set<string>();
  names.set(key, known);
  for (const hash of text.split(',')) known.add(hash);
}

/** What a pair that is revoked had in common counts no more; of a link that counts for one source nothing is dead. */
function buryLinks({ links, dead, decided, scored }: Component): void {
  for (const [ends, { verb }] of decided) {
    if (verb !== 'revoke') continue;
    const link = links.get(ends);
    if (link !== undefined) dead.set(ends, link);
    links.delete(ends);
    scored.delete(ends);
  }
  for (const ends of dead.keys()) if (links.has(ends)) dead.delete(ends);
}

function putPublished(component: PublishedComponent, kind: string, field: string, text: string, counts: boolean): void {
  if (kind === 'a') component.assigned.set(partOf(field, 1), decodeAssigned(text));
  else if (kind === 'p') component.published.set(partOf(field, 1), decodePublished(text));
  else if (!counts) return;
  // The longest value is a word like any other
  else if (kind === 't' || kind === 'g') putTrait(component, field, text);
  else if (kind === 'v') putSpelling(component, partOf(field, 1), EVIDENCE.v.decode(text).first);
  else if (kind === 'c') putConsent(component, field, text);
  else if (kind === 's') putComputed(component, field, text);
}

function putTrait({ traits }: PublishedComponent, field: string, text: string): void {
  const owner = partOf(field, 1);
  const register = { trait: partOf(field, 2), source: partOf(field, 3), span: EVIDENCE.t.decode(text) };
  const registers = traits.get(owner);
  if (registers === undefined) traits.set(owner, [register]);
  else registers.push(register);
}

function putConsent({ consents }: PublishedComponent, field: string, text: string): void {
  const owner = partOf(field, 1);
  const register = { purpose: partOf(field, 2), source: partOf(field, 3), stamp: EVIDENCE.c.decode(text).last };
  const registers = consents.get(owner);
  if (registers === undefined) consents.set(owner, [register]);
  else registers.push(register);
}

function putComputed({ computed }: PublishedComponent, field: string, text: string): void {
  const anchor = partOf(field, 1);
  const register = { name: partOf(field, 2), stamp: EVIDENCE.s.decode(text).last };
  const registers = computed.get(anchor);
  if (registers === undefined) computed.set(anchor, [register]);
  else registers.push(register);
}

function putSpelling({ spellings }: PublishedComponent, key: IdentifierKey, stamp: Stamp): void {
  const known = spellings.get(key);
  if (known === undefined || compareStamps(stamp, known) < 0) spellings.set(key, stamp);
}
