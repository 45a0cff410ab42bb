import type { IdentifierKey } from '@kenal/contracts';
import { type Component, LINK_CLASSES, type Link, type LinkClass } from '../evidence/component.ts';
import { isSmall, isVoid, typeOf } from '../evidence/sight.ts';
import { A_FEW, eachInParts, type Paused } from '../pauses.ts';
import type { IdentityRules } from '../rules.ts';
import { createClusters } from './clusters.ts';
import { type Leaf, leavesOf, surplusOf } from './leaves.ts';
import { dropsOf } from './oversize.ts';
import { compareLinks, type Joining, rankLink, strongerOf } from './rank.ts';

/** A link that joined nobody, and why. */
export interface RejectedLink {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  readonly class: LinkClass;
  /**
   * `limit:email`: together they would have had more identifiers of that type than a person may. `cannot:<a>|<b>`: two who
   * are not one person would have been. `hub:<key>`: that identifier is of many. `blocked:<key>`: it is nobody's.
   * `oversize`: too many hang together. Of a probabilistic link also `guard` (the two clusters as a whole do not fit) and `conflict:user_id`.
   */
  readonly reason: string;
}

export interface Agglomeration {
  /** Identifiers that are one person, in no order of meaning. */
  readonly clusters: readonly (readonly IdentifierKey[])[];
  /** In the order of their rank; then those that were never tried. */
  readonly rejected: readonly RejectedLink[];
  /** Leaves that cannot be of anybody (leaves.ts). */
  readonly surplus: ReadonlyMap<IdentifierKey, Leaf>;
  /** More identifiers hang together than a component may have. */
  readonly isOversize: boolean;
}

/**
 * Canonical agglomeration (identity.md, f, steps 3 and 5): links in one order that depends on the evidence alone, each
 * accepted unless it breaks something. The same evidence gives the same clusters and the same rejections, however it arrived.
 * @param hubs of which the links are void; the component is sighted with them
 * @param slow leave out the short cut; the result is the same
 */
export function* agglomerate(
  component: Component,
  rules: IdentityRules,
  hubs: ReadonlySet<IdentifierKey>,
  slow: boolean,
): Paused<Agglomeration> {
  const { sighted, links, decided, scored } = component;
  if (!slow && isClean(component, rules, hubs))
    return { clusters: joined(sighted.keys(), links.values()), rejected: [], surplus: new Map(), isOversize: false };
  const leaves = mayHaveSurplus(component, rules, hubs) ? surplusOf(leavesOf(component, rules, hubs), rules) : [];
  const isLarge = !isSmall(component);
  if (isLarge) yield;
  const surplus = new Map(leaves.map((leaf) => [leaf.key, leaf]));
  const untried = blockedLinks(component, rules).filter(({ a, b }) => !surplus.has(a) && !surplus.has(b));
  if (links.size + decided.size + scored.size === 0) {
    const clusters = [...sighted.keys()].map((key) => [key]);
    return { clusters, rejected: untried, surplus: new Map(), isOversize: false };
  }
  for (const { link, type, joins } of leaves)
    if (joins) untried.push({ a: link.a, b: link.b, class: LINK_CLASSES.deterministic, reason: `limit:${type}` });
  const candidates = joiningLinks(component, rules);
  if (isLarge) yield;
  for (const link of hubs.size === 0 ? [] : candidates)
    if (isVoid(link, hubs, decided)) untried.push(rejectedBy(link, `hub:${hubOf(link, hubs, rules)}`));
  const keys = [...sighted.keys()];
  if (surplus.size + untried.length + hubs.size + scored.size === 0 && keys.length <= rules.mostIdentifiers)
    return { ...(yield* unite(component, keys, candidates, rules)), surplus, isOversize: false };
  const left = keys.filter((key) => !surplus.has(key));
  const known = new Set(left);
  const able = candidates.filter((link) => known.has(link.a) && known.has(link.b) && !isVoid(link, hubs, decided));
  yield;
  const drops = dropsOf(able, known, rules);
  for (const link of drops ?? []) untried.push(rejectedBy(link, 'oversize'));
  const joining = drops === null ? able : able.filter((link) => !drops.has(link));
  yield;
  const { clusters, rejected } = yield* unite(component, left, joining, rules);
  return { clusters, rejected: [...rejected, ...untried], surplus, isOversize: drops !== null };
}

/** Nothing could stand in the way of a link, so all of them join, in whatever order. */
function isClean(component: Component, rules: IdentityRules, hubs: ReadonlySet<IdentifierKey>): boolean {
  const { sighted, decided, scored } = component;
  return (
    decided.size + scored.size === 0 && sighted.size <= rules.mostIdentifiers && !mayHaveSurplus(component, rules, hubs)
  );
}

function joined(keys: Iterable<IdentifierKey>, links: Iterable<Link>): IdentifierKey[][] {
  const clusters = new Map<IdentifierKey, IdentifierKey[]>();
  for (const key of keys) clusters.set(key, [key]);
  for (const { a, b } of links) {
    const [one, other] = [clusters.get(a)!, clusters.get(b)!];
    if (one === other) continue;
    const [large, small] = one.length < other.length ? [other, one] : [one, other];
    for (const key of small) {
      large.push(key);
      clusters.set(key, large);
    }
  }
  return [...new Set(clusters.values())];
}

/** Links that would count if the workspace did not call one of their ends nobody's. */
function blockedLinks({ dead }: Component, { isBlocked }: IdentityRules): RejectedLink[] {
  if (isBlocked === null) return [];
  return [...dead.values()].flatMap(({ a, b }) => {
    const blocked = [a, b].find(isBlocked);
    return blocked === undefined ? [] : [{ a, b, class: LINK_CLASSES.deterministic, reason: `blocked:${blocked}` }];
  });
}

/** Of no type are there more than one person may have, and every link counts: the most that most people are. */
function mayHaveSurplus({ counts, dead }: Component, rules: IdentityRules, hubs: ReadonlySet<IdentifierKey>): boolean {
  if (dead.size + hubs.size > 0) return true;
  for (const [type, count] of counts) if (count > rules.limitOf(type)) return true;
  return false;
}

function rejectedBy({ a, b, class: of }: Joining, reason: string): RejectedLink {
  return { a, b, class: of, reason };
}

/** The stronger of the ends that are hubs. */
function hubOf({ a, b }: Joining, hubs: ReadonlySet<IdentifierKey>, rules: IdentityRules): IdentifierKey {
  if (!hubs.has(a)) return b;
  if (!hubs.has(b)) return a;
  return strongerOf(a, b, rules);
}

/** All that could join two identifiers, one for each pair: a `must` before a link, a link before a probabilistic one. */
function joiningLinks({ links, decided, scored }: Component, rules: IdentityRules): Joining[] {
  const joining: Joining[] = [];
  for (const { a, b, verb, issuedAt, directive } of decided.values())
    if (verb === 'must') joining.push(rankLink(LINK_CLASSES.must, a, b, issuedAt, 0, directive, rules));
  for (const [ends, { a, b, first }] of links)
    if (decided.get(ends)?.verb !== 'must')
      joining.push(rankLink(LINK_CLASSES.deterministic, a, b, first, 0, '', rules));
  for (const [ends, { a, b, weight, issuedAt, directive }] of scored)
    if (!links.has(ends) && decided.get(ends)?.verb !== 'must')
      joining.push(rankLink(LINK_CLASSES.probabilistic, a, b, issuedAt, weight, directive, rules));
  return joining;
}

function* unite(
  { decided, scored }: Component,
  keys: readonly IdentifierKey[],
  joining: Joining[],
  rules: IdentityRules,
): Paused<Pick<Agglomeration, 'clusters' | 'rejected'>> {
  const index = new Map(keys.map((key, i) => [key, i]));
  const apart: [number, number, string][] = [];
  for (const { a, b, verb } of decided.values()) {
    const [one, other] = [index.get(a), index.get(b)];
    if (verb === 'cannot' && one !== undefined && other !== undefined) apart.push([one, other, `${a}|${b}`]);
  }
  const pairs: [number, number, number][] = [];
  for (const { a, b, weight } of scored.values()) {
    const [one, other] = [index.get(a), index.get(b)];
    if (one !== undefined && other !== undefined) pairs.push([one, other, weight]);
  }
  const clusters = createClusters({ types: keys.map(typeOf), apart, scored: pairs, rules });
  const rejected: RejectedLink[] = [];
  joining.sort((x, y) => compareLinks(x, y, rules));
  if (joining.length > A_FEW) yield;
  yield* eachInParts(joining, (link) => {
    const reason = clusters.unite(index.get(link.a)!, index.get(link.b)!, link.class);
    if (reason !== null) rejected.push(rejectedBy(link, reason));
  });
  const members = new Map<number, IdentifierKey[]>();
  keys.forEach((key, i) => {
    const root = clusters.find(i);
    const group = members.get(root);
    if (group === undefined) members.set(root, [key]);
    else group.push(key);
  });
  return { clusters: [...members.values()], rejected };
}
