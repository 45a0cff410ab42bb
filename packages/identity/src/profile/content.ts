import type { Identifier, IdentifierKey, ProfileContent } from '@kenal/contracts';
import type { PublishedComponent } from '../evidence/component.ts';
import type { IdentityRules } from '../rules.ts';
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
  /** All identifiers, those past the cut included, as one text. */
  readonly names: string;
  /** Of both, and of the consent. */
  readonly hash: string;
}

/** @param members strongest first */
export function contentOf(
  component: PublishedComponent,
  members: readonly IdentifierKey[],
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
  return {
    content: { traits: text, identifiers: shown, identifierCount: identifiers.length, consent },
    traits,
    names,
    hash: hashText(consent === '{}' ? `${text}\n${names}` : `${text}\n${names}\n${consent}`),
  };
}

/** An identifier as people read it: its first spelling, or else its key’s value. */
export function shownIdentifier({ spellings }: PublishedComponent, key: IdentifierKey): Identifier {
  const colon = key.indexOf(':');
  return { type: key.slice(0, colon), value: spellings.get(key)?.value ?? key.slice(colon + 1) };
}

const NO_TRAITS: DetailedContent['traits'] = new Map();

/** Paths that differ between two contents: `traits.email`, `consent`, `identifiers`. */
export function changedPaths(before: DetailedContent | null, after: DetailedContent | null): string[] {
  const [old, now] = [before?.traits ?? NO_TRAITS, after?.traits ?? NO_TRAITS];
  const names = new Set<string>();
  for (const [name, value] of now) if (old.get(name) !== value) names.add(name);
  for (const name of old.keys()) if (!now.has(name)) names.add(name);
  const paths = [...names].sort().map((name) => `traits.${name}`);
  if ((before?.content.consent ?? '{}') !== (after?.content.consent ?? '{}')) paths.push('consent');
  if ((before?.names ?? '') !== (after?.names ?? '')) paths.push('identifiers');
  return paths;
}
