import type { IdentifierKey } from '@kenal/contracts';
import { createGroups } from '../cluster/oversize.ts';
import { type Partition, partition } from '../cluster/partition.ts';
import type { Fields } from '../evidence/component.ts';
import { decodeComponent } from '../evidence/decode.ts';
import { evidenceKind, partOf } from '../evidence/fields.ts';
import { compareText, type IdentityRules } from '../rules.ts';

/** Two identifiers that are one person under the one set of rules and two under the other. */
export interface ComparedPair {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  /** Why they are two, as in `RejectedLink`; '' where no single link says it. */
  readonly reason: string;
}

export interface ComparedCluster {
  readonly anchor: IdentifierKey;
  readonly size: number;
  /** People of the rules of today that are this one then. */
  readonly people: number;
}

/** What other rules would make of the same evidence. */
export interface RuleComparison {
  readonly identifiers: number;
  readonly profilesBefore: number;
  readonly profilesAfter: number;
  /** How many people of today would be one with another, and how many parts would come off from today's. */
  readonly mergesGained: number;
  readonly mergesLost: number;
  /** The largest people then, largest first. */
  readonly largest: readonly ComparedCluster[];
  readonly gained: readonly ComparedPair[];
  readonly lost: readonly ComparedPair[];
}

const MOST_SHOWN = 20;

/**
 * Try a set of rules on live evidence: f under both, from the evidence alone, all of it at once. Nothing is written.
 * @param evidence fields of all components and of all parked leaves; what else stands in them is not looked at
 */
export function compareRules(evidence: Iterable<Fields>, before: IdentityRules, after: IdentityRules): RuleComparison {
  const totals = { identifiers: 0, profilesBefore: 0, profilesAfter: 0, mergesGained: 0, mergesLost: 0 };
  const largest: ComparedCluster[] = [];
  const gained: ComparedPair[] = [];
  const lost: ComparedPair[] = [];
  for (const fields of familiesOf(evidence)) {
    const component = decodeComponent(fields, before);
    const old = partition(component, before);
    const now = partition(decodeComponent(fields, after), after);
    totals.identifiers += component.sighted.size;
    totals.profilesBefore += old.clusters.length;
    totals.profilesAfter += now.clusters.length;
    for (const merged of joinedIn(now, old)) {
      totals.mergesGained += merged.people.length - 1;
      add(largest, { anchor: merged.anchor, size: merged.size, people: merged.people.length });
      gained.push(...pairsOf(merged.people, old, MOST_SHOWN - gained.length));
    }
    for (const split of joinedIn(old, now)) {
      totals.mergesLost += split.people.length - 1;
      lost.push(...pairsOf(split.people, now, MOST_SHOWN - lost.length));
    }
  }
  return { ...totals, largest, gained, lost };
}

function add(largest: ComparedCluster[], cluster: ComparedCluster): void {
  largest.push(cluster);
  largest.sort((x, y) => y.size - x.size || compareText(x.anchor, y.anchor));
  if (largest.length > MOST_SHOWN) largest.pop();
}

/** Evidence that hangs together, in whatever components a hub has it kept. */
function familiesOf(evidence: Iterable<Fields>): Iterable<Fields> {
  const groups = createGroups();
  const parts: { readonly key: IdentifierKey; readonly fields: Fields }[] = [];
  for (const fields of evidence) {
    let first: IdentifierKey | null = null;
    for (const field of fields.keys()) {
      const kind = evidenceKind(field);
      if (kind === null) continue;
      const key = partOf(field, 1);
      first ??= key;
      groups.join(first, key);
      if (kind === 'l' || kind === 'd' || kind === 'w') groups.join(first, partOf(field, 2));
    }
    if (first !== null) parts.push({ key: first, fields });
  }
  const families = new Map<string, Map<string, string>>();
  for (const { key, fields } of parts) {
    const family = families.get(groups.find(key)) ?? new Map<string, string>();
    families.set(groups.find(key), family);
    for (const [field, text] of fields) if (evidenceKind(field) !== null) family.set(field, text);
  }
  return families.values();
}

interface Joined {
  readonly anchor: IdentifierKey;
  readonly size: number;
  /** Anchors, under the other rules, of those that are one here; text order. */
  readonly people: readonly IdentifierKey[];
}

/** Each person of the one partition with those of the other that have identifiers of it. */
function joinedIn(one: Partition, other: Partition): Joined[] {
  const anchors = new Map(
    other.clusters.flatMap(({ anchor, members }) => members.map((key) => [key, anchor] as const)),
  );
  return one.clusters.map(({ anchor, members }) => {
    const people = new Set(members.flatMap((key) => anchors.get(key) ?? []));
    return { anchor, size: members.length, people: [...people].sort(compareText) };
  });
}

/** Pairs of people that one partition holds apart, each with a link that says why. */
function pairsOf(people: readonly IdentifierKey[], apart: Partition, most: number): ComparedPair[] {
  const anchors = new Map(
    apart.clusters.flatMap(({ anchor, members }) => members.map((key) => [key, anchor] as const)),
  );
  const reasons = new Map<string, string>();
  for (const { a, b, reason } of apart.rejected) {
    const ends = [anchors.get(a) ?? a, anchors.get(b) ?? b].sort(compareText).join('\n');
    if (!reasons.has(ends)) reasons.set(ends, reason);
  }
  const [first, ...others] = people;
  return others.slice(0, Math.max(0, most)).map((b) => {
    return { a: first!, b, reason: reasons.get(`${first}\n${b}`) ?? '' };
  });
}
