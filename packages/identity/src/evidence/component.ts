import type { IdentifierKey, Micros } from '@kenal/contracts';
import { type Assigned, decodeAssigned, decodePublished, EVIDENCE, type Published } from './fields.ts';
import { compareStamps, type Span, type Stamp } from './span.ts';
import { decodeTimes, unescapePart } from './text-codec.ts';

/** What is known of one identifier, over all sources. */
export interface Sighted {
  readonly key: IdentifierKey;
  readonly type: string;
  /** First and last event that it stood in. */
  first: Micros;
  last: Micros;
  /** Interactions that it owned; null where it never was the strongest identifier of one. */
  owned: { first: Micros; last: Micros } | null;
}

/** Two identifiers of one interaction, over all sources; a < b. */
export interface Link {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  first: Micros;
}

/** First and last word of one source on one trait of one owner; beside it another register with the longest one where a rule asks. */
export interface TraitRegister {
  readonly trait: string;
  readonly source: string;
  readonly span: Span;
}

/** What was published, and what its content is made of. */
export interface PublishedComponent {
  readonly traits: Map<IdentifierKey, TraitRegister[]>;
  /** First spelling of an identifier that differs from its key. */
  readonly spellings: Map<IdentifierKey, Stamp>;
  readonly assigned: Map<IdentifierKey, Assigned>;
  readonly published: Map<string, Published>;
}

/** A connected component, decoded. */
export interface Component extends PublishedComponent {
  readonly sighted: Map<IdentifierKey, Sighted>;
  /** By the two ends. */
  readonly links: Map<string, Link>;
}

export type Fields = ReadonlyMap<string, string>;

const NOTHING: Fields = new Map();

/**
 * Read the fields of a component (fields.ts), e.g. of a `ComponentSnapshot`.
 * @param fields one map, or those of components that are being joined
 * @param overlay texts that stand in front of those in `fields`
 */
export function decodeComponent(fields: Fields | readonly Fields[], overlay: Fields = NOTHING): Component {
  const component: Component = { ...emptyPublished(), sighted: new Map(), links: new Map() };
  eachField(fields, overlay, (kind, field, text) => {
    if (kind === 'o') putOwned(component, field, text);
    else if (kind === 'l') putLink(component, field, text);
    else putPublished(component, kind, field, text);
  });
  return component;
}

/** The same without sightings and links: enough to tell what a profile's content is. */
export function decodePublishedComponent(
  fields: Fields | readonly Fields[],
  overlay: Fields = NOTHING,
): PublishedComponent {
  const component = emptyPublished();
  eachField(fields, overlay, (kind, field, text) => {
    if (kind !== 'o' && kind !== 'l') putPublished(component, kind, field, text);
  });
  return component;
}

function emptyPublished(): PublishedComponent {
  return { traits: new Map(), spellings: new Map(), assigned: new Map(), published: new Map() };
}

function eachField(
  fields: Fields | readonly Fields[],
  overlay: Fields,
  put: (kind: string, field: string, text: string) => void,
): void {
  for (const layer of Array.isArray(fields) ? (fields as readonly Fields[]) : [fields as Fields])
    for (const [field, text] of layer) if (!overlay.has(field)) put(field[0] ?? '', field, text);
  for (const [field, text] of overlay) put(field[0] ?? '', field, text);
}

/** The n-th part of a field name counted from its kind, unescaped: part 1 of `o|email:a@b.c|web` is `email:a@b.c`. */
function partOf(field: string, n: number): string {
  let from = 2;
  for (let i = 1; i < n; i += 1) from = field.indexOf('|', from) + 1;
  const to = field.indexOf('|', from);
  return unescapePart(to < 0 ? field.slice(from) : field.slice(from, to));
}

function sight(component: Component, key: IdentifierKey, first: Micros, last: Micros): Sighted {
  let sighted = component.sighted.get(key);
  if (sighted === undefined) {
    sighted = { key, type: key.slice(0, key.indexOf(':')), first, last, owned: null };
    component.sighted.set(key, sighted);
    return sighted;
  }
  if (first < sighted.first) sighted.first = first;
  if (last > sighted.last) sighted.last = last;
  return sighted;
}

function putOwned(component: Component, field: string, text: string): void {
  const { first, last } = decodeTimes(text);
  const sighted = sight(component, partOf(field, 1), first, last);
  const { owned } = sighted;
  if (owned === null) sighted.owned = { first, last };
  else sighted.owned = { first: Math.min(owned.first, first), last: Math.max(owned.last, last) };
}

function putLink(component: Component, field: string, text: string): void {
  const { first, last } = decodeTimes(text);
  const [a, b] = [partOf(field, 1), partOf(field, 2)];
  sight(component, a, first, last);
  sight(component, b, first, last);
  const ends = `${a}\n${b}`;
  const link = component.links.get(ends);
  if (link === undefined) component.links.set(ends, { a, b, first });
  else if (first < link.first) link.first = first;
}

function putPublished(component: PublishedComponent, kind: string, field: string, text: string): void {
  if (kind === 'a') component.assigned.set(partOf(field, 1), decodeAssigned(text));
  else if (kind === 'p') component.published.set(partOf(field, 1), decodePublished(text));
  // The longest value is a word like any other
  else if (kind === 't' || kind === 'g') putTrait(component, field, text);
  else if (kind === 'v') putSpelling(component, partOf(field, 1), EVIDENCE.v.decode(text).first);
}

function putTrait({ traits }: PublishedComponent, field: string, text: string): void {
  const owner = partOf(field, 1);
  const register = { trait: partOf(field, 2), source: partOf(field, 3), span: EVIDENCE.t.decode(text) };
  const registers = traits.get(owner);
  if (registers === undefined) traits.set(owner, [register]);
  else registers.push(register);
}

function putSpelling({ spellings }: PublishedComponent, key: IdentifierKey, stamp: Stamp): void {
  const known = spellings.get(key);
  if (known === undefined || compareStamps(stamp, known) < 0) spellings.set(key, stamp);
}
