import type { IdentifierKey, ParkedLeaf } from '@kenal/contracts';
import { type Partition, partition } from '../cluster/partition.ts';
import type { Fields } from '../evidence/component.ts';
import { decodeComponent } from '../evidence/decode.ts';
import { compareText, type IdentityRules } from '../rules.ts';
import { createFamilies } from './families.ts';
import { createReasonsApart } from './reasons-apart.ts';

/** Two identifiers that are one person under the one set of rules and two under the other. */
export interface ComparedPair {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  /** Why they are two, as in `RejectedLink`; '' where no link says it. */
  readonly reason: string;
}

export interface ComparedCluster {
  readonly anchor: IdentifierKey;
  readonly size: number;
  /** People of the rules of today that are this one then. */
  readonly people: number;
}

/** Identifiers that have a profile today and none then: nobody would be found by them. */
export interface Orphans {
  readonly identifiers: number;
  /** People of today whose identifiers they are. */
  readonly people: number;
  /** The first of them in text order. */
  readonly sample: readonly IdentifierKey[];
}

/** What other rules would make of the same evidence. */
export interface RuleComparison {
  readonly identifiers: number;
  readonly profilesBefore: number;
  readonly profilesAfter: number;
  /** How many people of today would be one with another, and how many parts would come off from today's. */
  readonly mergesGained: number;
  readonly mergesLost: number;
  /** Who counts in neither: of a person whom the rules leave nothing no part comes off. */
  readonly orphans: Orphans;
  /** The largest people then, largest first. */
  readonly largest: readonly ComparedCluster[];
  /** The first of them in text order, so that the same evidence gives the same answer however it is stored. */
  readonly gained: readonly ComparedPair[];
  readonly lost: readonly ComparedPair[];
}

/** Rules on trial. */
export interface RuleTrial {
  /**
   * Fields of a component as the state keeps them, and the leaves that are parked on its identifiers ({@link shelvesIn}).
   * Components come in any order, each once.
   */
  take(fields: Fields, parked?: ReadonlyMap<IdentifierKey, ParkedLeaf>): void;
  /** To be called once, after the last component. */
  end(): RuleComparison;
}

const MOST_SHOWN = 20;
const NONE_PARKED: ReadonlyMap<IdentifierKey, ParkedLeaf> = new Map();

/**
 * Try a set of rules on live evidence: f under both, from the evidence alone. Nothing is written, and nothing is held but
 * what was seen with a hub, which may be one no more.
 */
export function createRuleTrial(before: IdentityRules, after: IdentityRules): RuleTrial {
  const families = createFamilies();
  const totals = { identifiers: 0, profilesBefore: 0, profilesAfter: 0, mergesGained: 0, mergesLost: 0 };
  const largest: ComparedCluster[] = [];
  const orphans = { identifiers: 0, people: 0, sample: [] as IdentifierKey[] };
  const gained: ComparedPair[] = [];
  const lost: ComparedPair[] = [];

  function compare(evidence: Fields): void {
    const component = decodeComponent(evidence, before);
    const old = peopleOf(partition(component, before));
    const now = peopleOf(partition(decodeComponent(evidence, after), after));
    totals.identifiers += component.sighted.size;
    totals.profilesBefore += old.clusters.length;
    totals.profilesAfter += now.clusters.length;
    for (const merged of joinedIn(now, old)) {
      totals.mergesGained += Math.max(0, merged.people.length - 1);
      rankIn(largest, { anchor: merged.anchor, size: merged.size, people: merged.people.length }, compareSize);
      addPairs(gained, merged.people, old);
    }
    for (const split of joinedIn(old, now)) {
      totals.mergesLost += Math.max(0, split.people.length - 1);
      addPairs(lost, split.people, now);
    }
    for (const { members } of old.clusters) {
      const left = members.filter((key) => !now.anchorOf.has(key));
      orphans.identifiers += left.length;
      orphans.people += left.length > 0 ? 1 : 0;
      for (const key of left) rankIn(orphans.sample, key, compareText);
    }
  }

  return {
    take(fields, parked = NONE_PARKED) {
      const evidence = families.take(fields, parked);
      if (evidence !== null) compare(evidence);
    },
    end() {
      for (const family of families.waiting()) compare(family);
      return { ...totals, orphans, largest, gained, lost };
    },
  };
}

/** Keep the first few of an order. */
function rankIn<T>(first: T[], one: T, compare: (x: T, y: T) => number): void {
  if (first.length === MOST_SHOWN && compare(one, first.at(-1)!) > 0) return;
  first.push(one);
  first.sort(compare);
  if (first.length > MOST_SHOWN) first.pop();
}

function compareSize(x: ComparedCluster, y: ComparedCluster): number {
  return y.size - x.size || compareText(x.anchor, y.anchor);
}

function comparePairs(x: ComparedPair, y: ComparedPair): number {
  return compareText(x.a, y.a) || compareText(x.b, y.b);
}

interface People extends Partition {
  /** Of each identifier that has a profile. */
  readonly anchorOf: ReadonlyMap<IdentifierKey, IdentifierKey>;
}

function peopleOf(of: Partition): People {
  const anchorOf = new Map<IdentifierKey, IdentifierKey>();
  for (const { anchor, members } of of.clusters) for (const key of members) anchorOf.set(key, anchor);
  return { ...of, anchorOf };
}

interface Joined {
  readonly anchor: IdentifierKey;
  readonly size: number;
  /** Anchors, under the other rules, of those that are one here; text order. */
  readonly people: readonly IdentifierKey[];
}

/** Each person of the one partition with those of the other that have identifiers of it; all may be nobody's there. */
function joinedIn(one: People, other: People): Joined[] {
  return one.clusters.map(({ anchor, members }) => {
    const people = new Set(members.flatMap((key) => other.anchorOf.get(key) ?? []));
    return { anchor, size: members.length, people: [...people].sort(compareText) };
  });
}

/** Pairs of people that one partition holds apart, each with a link that says why. */
function addPairs(pairs: ComparedPair[], people: readonly IdentifierKey[], apart: People): void {
  if (people.length < 2) return;
  const reasonFor = createReasonsApart(apart, apart.anchorOf);
  const [first, ...others] = people;
  for (const b of others.slice(0, MOST_SHOWN))
    rankIn(pairs, { a: first!, b, reason: reasonFor(first!, b) }, comparePairs);
}
