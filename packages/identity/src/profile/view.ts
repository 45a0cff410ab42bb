import type { ComputedAttribute, IdentifierKey, JsonValue, Micros, Survivorship } from '@kenal/contracts';
import { partition } from '../cluster/partition.ts';
import type { Component, LinkClass, PublishedComponent } from '../evidence/component.ts';
import { typeOf } from '../evidence/sight.ts';
import type { IdentityRules } from '../rules.ts';
import { compareText, compareTypes } from '../rules.ts';
import { computedAttributesOf } from './computed.ts';
import { foldConsent } from './consent.ts';
import { shownIdentifier } from './content.ts';
import { confirmedAt, historyOf, type SaidTrait } from './history.ts';
import { foldTraits, registersOf } from './traits.ts';

/** A trait with its origin. */
export interface TraitDetail {
  readonly value: JsonValue;
  /** Whose word holds, of when, in which event. */
  readonly source: string;
  readonly at: Micros;
  readonly messageId: string;
  /** When any source last said the same, as far as registers know. */
  readonly confirmedAt: Micros;
  /** The rule by which it holds. */
  readonly survivorship: Survivorship;
}

export interface SeenIdentifier {
  readonly type: string;
  /** As people read it. */
  readonly value: string;
  readonly key: IdentifierKey;
  readonly firstSeen: Micros;
  readonly lastSeen: Micros;
}

/** A person as readers see them. */
export interface ProfileView {
  readonly id: string;
  /** Last published version; 0 where nothing was published (a replay in memory). */
  readonly version: number;
  readonly traits: Readonly<Record<string, JsonValue>>;
  readonly traitDetails: Readonly<Record<string, TraitDetail>>;
  /** Purpose → granted, the last word on each. */
  readonly consent: Readonly<Record<string, boolean>>;
  /** By name (computed.ts). */
  readonly computed: Readonly<Record<string, ComputedAttribute>>;
  /** Strongest first. */
  readonly identifiers: readonly SeenIdentifier[];
  /** First and last interaction of the person. */
  readonly firstSeen: Micros;
  readonly lastSeen: Micros;
}

/**
 * The profile that has an identifier, as it was published with the component: what rows and changes name as well.
 * @returns null where the identifier has no profile: unknown, or only links that were rejected name it
 */
export function profileOf(component: Component, rules: IdentityRules, key: IdentifierKey): ProfileView | null {
  const id = component.assigned.get(key)?.profileId;
  if (id === undefined) return null;
  return viewOf(component, rules, id, membersOf(component, rules, id), component.published.get(id)?.anchor ?? '');
}

/**
 * @param members identifiers of the profile, strongest first
 * @param anchor the one of them that gives the profile its id
 */
export function viewOf(
  component: Component,
  rules: Pick<IdentityRules, 'traits'>,
  id: string,
  members: readonly IdentifierKey[],
  anchor: IdentifierKey,
): ProfileView {
  const identifiers: SeenIdentifier[] = [];
  let firstSeen = Number.POSITIVE_INFINITY;
  let lastSeen = Number.NEGATIVE_INFINITY;
  for (const member of members) {
    const sighted = component.sighted.get(member);
    if (sighted === undefined) continue;
    identifiers.push({
      ...shownIdentifier(component, member),
      key: member,
      firstSeen: sighted.first,
      lastSeen: sighted.last,
    });
    if (sighted.owned === null) continue;
    firstSeen = Math.min(firstSeen, sighted.owned.first);
    lastSeen = Math.max(lastSeen, sighted.owned.last);
  }
  const registers = registersOf(component, members);
  const held = foldTraits(registers, rules.traits).map(
    ({ trait, value, source, at, messageId }): [string, TraitDetail] => {
      const { survivorship } = rules.traits.ruleOf(trait);
      const confirmed = confirmedAt(registers.get(trait) ?? [], value);
      const detail = {
        value: JSON.parse(value) as JsonValue,
        source,
        at,
        messageId,
        confirmedAt: confirmed,
        survivorship,
      };
      return [trait, detail];
    },
  );
  return {
    id,
    version: component.published.get(id)?.version ?? 0,
    // fromEntries defines own properties, so a trait called `__proto__` is only a trait
    traits: Object.fromEntries(held.map(([trait, detail]) => [trait, detail.value])),
    traitDetails: Object.fromEntries(held),
    consent: foldConsent(component, members),
    computed: component.computed.size === 0 ? {} : computedAttributesOf(component, anchor),
    identifiers,
    firstSeen,
    lastSeen,
  };
}

/**
 * What was said of each trait of a person, the words that do not hold included, as far as registers keep it (history.ts).
 * @param profileId as {@link profileOf} gave it
 * @returns newest first
 */
export function traitHistoryOf(
  component: PublishedComponent,
  rules: IdentityRules,
  profileId: string,
): readonly SaidTrait[] {
  return historyOf(registersOf(component, membersOf(component, rules, profileId)), rules.traits);
}

/** Ids that a person was published under before and that lead to this profile today, in text order. */
export function aliasesOf({ assigned, published }: PublishedComponent, profileId: string): readonly string[] {
  const aliases: string[] = [];
  for (const [id, { anchor }] of published)
    if (id !== profileId && assigned.get(anchor)?.profileId === profileId) aliases.push(id);
  return aliases.sort();
}

/** A link of a person to somebody else that joined nobody. */
export interface RefusedLink {
  /** The person's own identifier. */
  readonly own: IdentifierKey;
  readonly other: IdentifierKey;
  /** What said that they are one: an event, a model, somebody who decided. */
  readonly class: LinkClass;
  /** As in `RejectedLink`. */
  readonly reason: string;
  /** Together they would have more identifiers of this type than the limit; '' and 0 where the reason is another. */
  readonly type: string;
  readonly limit: number;
}

/**
 * Links that stand in the evidence of some identifiers and joined nobody, in the order of their rank: why two ids that
 * came in one event are two people.
 * @param keys identifiers of one person, or one that has no profile
 */
export function refusedLinksOf(
  component: Component,
  rules: IdentityRules,
  keys: readonly IdentifierKey[],
): readonly RefusedLink[] {
  const own = new Set(keys);
  return partition(component, rules)
    .rejected.filter(({ a, b }) => own.has(a) !== own.has(b))
    .map(({ a, b, class: strength, reason }) => {
      const type = reason.startsWith('limit:') ? reason.slice('limit:'.length) : '';
      const [mine, other] = own.has(a) ? [a, b] : [b, a];
      return { own: mine, other, class: strength, reason, type, limit: type === '' ? 0 : rules.limitOf(type) };
    });
}

/** Identifiers that are published under a profile, strongest first. */
export function membersOf(component: PublishedComponent, rules: IdentityRules, profileId: string): IdentifierKey[] {
  const members: IdentifierKey[] = [];
  for (const [key, assigned] of component.assigned) if (assigned.profileId === profileId) members.push(key);
  return strongestFirst(members, rules);
}

/** The same for who asks of many profiles. */
export function membersByProfile(
  { assigned }: PublishedComponent,
  rules: IdentityRules,
): (profileId: string) => IdentifierKey[] {
  const keys = Map.groupBy(assigned.keys(), (key) => assigned.get(key)!.profileId);
  return (profileId) => strongestFirst(keys.get(profileId) ?? [], rules);
}

function strongestFirst(members: IdentifierKey[], { rankOf }: IdentityRules): IdentifierKey[] {
  if (members.length < 2) return members;
  return members.sort((a, b) => compareTypes(rankOf, typeOf(a), typeOf(b)) || compareText(a, b));
}
