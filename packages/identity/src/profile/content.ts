import type { Identifier, IdentifierKey, ProfileContent } from '@kenal/contracts';
import type { PublishedComponent } from '../evidence/component.ts';
import type { IdentityRules } from '../rules.ts';
import { computedOf, NOTHING_COMPUTED } from './computed.ts';
import { foldConsent } from './consent.ts';
import { hashText } from './hash.ts';
import { foldTraits, registersOf } from './traits.ts';

/** A change carries at most so many identifiers; `identifierCount` tells how many there are. */
const MOST_IDENTIFIERS = 1_000;

/** What is published of a profile, and the parts that two of them are compared by. */
export interface DetailedContent {
  readonly content: ProfileContent;
  /** Trait → JSON text, in the order of the names. */
  readonly traits: ReadonlyMap<string, string>;
  /** Computed attribute → JSON text of its value, in the order of the names. */
  readonly computed: ReadonlyMap<string, string>;
  /** All identifiers, those past the cut included, as one text. */
  readonly names: string;
  /** Of all of them, and of the consent. When and why something was computed is not part of it. */
  readonly hash: string;
}

/**
 * @param members strongest first
 * @param anchor the one of them that gives the profile its id
 */
export function contentOf(
  component: PublishedComponent,
  members: readonly IdentifierKey[],
  anchor: IdentifierKey,
  { traits: rules }: Pick<IdentityRules, 'traits'>,
): DetailedContent {
  const identifiers = members.map((key) => shownIdentifier(component, key));
  const traits = new Map<string, string>();
  let text = '{';
  for (const { trait, value } of foldTraits(registersOf(component, members), rules)) {
    text += `${traits.size === 0 ? '' : ','}${JSON.stringify(trait)}:${value}`;
    traits.set(trait, value);
  }
  text += '}';
  const names = identifiers.map(({ type, value }) => `${type}:${value}`).join('\n');
  const consent = JSON.stringify(foldConsent(component, members));
  const shown = identifiers.length > MOST_IDENTIFIERS ? identifiers.slice(0, MOST_IDENTIFIERS) : identifiers;
  const computed = component.computed.size === 0 ? NOTHING_COMPUTED : computedOf(component, anchor);
  const parts = [text, names];
  if (consent !== '{}' || computed.values.size > 0) parts.push(consent);
  for (const [name, value] of computed.values) parts.push(`${name}:${value}`);
  return {
    content: {
      traits: text,
      identifiers: shown,
      identifierCount: identifiers.length,
      consent,
      computed: computed.text,
    },
    traits,
    computed: computed.values,
    names,
    hash: hashText(parts.join('\n')),
  };
}

/** An identifier as people read it: its first spelling, or else its key’s value. */
export function shownIdentifier({ spellings }: PublishedComponent, key: IdentifierKey): Identifier {
  const colon = key.indexOf(':');
  return { type: key.slice(0, colon), value: spellings.get(key)?.value ?? key.slice(colon + 1) };
}

const NONE: DetailedContent['traits'] = new Map();

/** Paths that differ between two contents: `traits.email`, `computed.churn.band`, `consent`, `identifiers`. */
export function changedPaths(before: DetailedContent | null, after: DetailedContent | null): string[] {
  const paths = [
    ...differing(before?.traits, after?.traits).map((name) => `traits.${name}`),
    ...differing(before?.computed, after?.computed).map((name) => `computed.${name}`),
  ];
  if ((before?.content.consent ?? '{}') !== (after?.content.consent ?? '{}')) paths.push('consent');
  if ((before?.names ?? '') !== (after?.names ?? '')) paths.push('identifiers');
  return paths;
}

/** Names with another text, or only in one of both. */
function differing(old: DetailedContent['traits'] = NONE, now: DetailedContent['traits'] = NONE): string[] {
  const names = new Set<string>();
  for (const [name, value] of now) if (old.get(name) !== value) names.add(name);
  for (const name of old.keys()) if (!now.has(name)) names.add(name);
  return [...names].sort();
}
