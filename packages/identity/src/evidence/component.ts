import type { IdentifierKey, Micros } from '@kenal/contracts';
import { type Assigned, decodeAssigned, decodePublished, EVIDENCE, type Published } from './fields.ts';
import { compareStamps, type Span, type Stamp } from './span.ts';
import { unescapePart } from './text-codec.ts';

/** What is known of one identifier, over all sources. */
export interface Sighted {
  readonly key: IdentifierKey;
  readonly type: string;
  /** First and last event that it stood in. */
  first: Micros;
  last: Micros;
  /** Interactions that it owned; null where it never was the strongest identifier of one. */
  owned: { first: Micros; last: Micros } | null;
  /** Its first spelling that differs from the key, if any. */
  spelling: Stamp | null;
}

/** Two identifiers of one interaction, over all sources; a < b. */
export interface Link {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  first: Micros;
}

/** Last word of one source on one trait of one owner. */
export interface TraitRegister {
  readonly trait: string;
  readonly source: string;
  readonly span: Span;
}

/** A connected component, decoded. */
export interface Component {
  readonly sighted: Map<IdentifierKey, Sighted>;
  /** By the two ends. */
  readonly links: Map<string, Link>;
  readonly traits: Map<IdentifierKey, TraitRegister[]>;
  readonly assigned: Map<IdentifierKey, Assigned>;
  readonly published: Map<string, Published>;
}

/**
 * Read the fields of a component (fields.ts), e.g. of a `ComponentSnapshot`.
 * @param overlay texts that stand in front of those in `fields`
 */
export function decodeComponent(
  fields: ReadonlyMap<string, string> | readonly ReadonlyMap<string, string>[],
  overlay: ReadonlyMap<string, string> = new Map(),
): Component {
  const component: Component = {
    sighted: new Map(),
    links: new Map(),
    traits: new Map(),
    assigned: new Map(),
    published: new Map(),
  };
  for (const layer of Array.isArray(fields)
    ? (fields as readonly ReadonlyMap<string, string>[])
    : [fields as ReadonlyMap<string, string>])
    for (const [field, text] of layer) if (!overlay.has(field)) put(component, field, text);
  for (const [field, text] of overlay) put(component, field, text);
  return component;
}

function put(component: Component, field: string, text: string): void {
  const [kind, one = '', two = '', three = ''] = field.split('|');
  const key = unescapePart(one);
  if (kind === 'o') putOwned(component, key, EVIDENCE.o.decode(text));
  else if (kind === 'l') putLink(component, key, unescapePart(two), EVIDENCE.l.decode(text));
  else if (kind === 't')
    putTrait(component, key, { trait: unescapePart(two), source: three, span: EVIDENCE.t.decode(text) });
  else if (kind === 'v') putSpelling(component, key, EVIDENCE.v.decode(text));
  else if (kind === 'a') component.assigned.set(key, decodeAssigned(text));
  else if (kind === 'p') component.published.set(one, decodePublished(text));
}

function sight(component: Component, key: IdentifierKey, first: Micros, last: Micros): Sighted {
  let sighted = component.sighted.get(key);
  if (sighted === undefined) {
    sighted = { key, type: key.slice(0, key.indexOf(':')), first, last, owned: null, spelling: null };
    component.sighted.set(key, sighted);
    return sighted;
  }
  if (first < sighted.first) sighted.first = first;
  if (last > sighted.last) sighted.last = last;
  return sighted;
}

function putOwned(component: Component, key: IdentifierKey, span: Span): void {
  const sighted = sight(component, key, span.first.at, span.last.at);
  const { owned } = sighted;
  sighted.owned = {
    first: owned === null ? span.first.at : Math.min(owned.first, span.first.at),
    last: owned === null ? span.last.at : Math.max(owned.last, span.last.at),
  };
}

function putLink(component: Component, a: IdentifierKey, b: IdentifierKey, span: Span): void {
  sight(component, a, span.first.at, span.last.at);
  sight(component, b, span.first.at, span.last.at);
  const ends = `${a}\n${b}`;
  const link = component.links.get(ends);
  if (link === undefined) component.links.set(ends, { a, b, first: span.first.at });
  else if (span.first.at < link.first) link.first = span.first.at;
}

function putTrait(component: Component, owner: IdentifierKey, register: TraitRegister): void {
  const registers = component.traits.get(owner);
  if (registers === undefined) component.traits.set(owner, [register]);
  else registers.push(register);
}

function putSpelling(component: Component, key: IdentifierKey, span: Span): void {
  // Spellings exist only beside a sighting of the same event, which may be decoded later than they
  const sighted = sight(component, key, span.first.at, span.first.at);
  if (sighted.spelling === null || compareStamps(span.first, sighted.spelling) < 0) sighted.spelling = span.first;
}
