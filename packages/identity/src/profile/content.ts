import type { Identifier, IdentifierKey, ProfileContent } from '@kenal/contracts';
import type { Component } from '../evidence/component.ts';
import { hashText } from './hash.ts';
import { foldTraits } from './traits.ts';

/** A change carries at most so many identifiers; `identifierCount` tells how many there are. */
const MOST_IDENTIFIERS = 1_000;

export interface HashedContent {
  readonly content: ProfileContent;
  /** Over all of it, the identifiers past the cut included. */
  readonly hash: string;
}

/** What is published of a profile. @param members strongest first */
export function contentOf(component: Component, members: readonly IdentifierKey[]): HashedContent {
  const identifiers = members.map((key) => shownIdentifier(component, key));
  const pairs = foldTraits(component, members).map(({ trait, value }) => `${JSON.stringify(trait)}:${value}`);
  const traits = `{${pairs.join(',')}}`;
  const names = identifiers.map(({ type, value }) => `${type}:${value}`).join('\n');
  return {
    content: { traits, identifiers: identifiers.slice(0, MOST_IDENTIFIERS), identifierCount: identifiers.length },
    hash: hashText(`${traits}\n${names}`),
  };
}

/** An identifier as people read it: its first spelling, or else its key’s value. */
export function shownIdentifier(component: Component, key: IdentifierKey): Identifier {
  const colon = key.indexOf(':');
  const value = component.sighted.get(key)?.spelling?.value ?? key.slice(colon + 1);
  return { type: key.slice(0, colon), value };
}

/** Paths that differ between two contents: `traits.email`, `identifiers`. */
export function changedPaths(before: ProfileContent | null, after: ProfileContent | null): string[] {
  const old = JSON.parse(before?.traits ?? '{}') as Record<string, unknown>;
  const now = JSON.parse(after?.traits ?? '{}') as Record<string, unknown>;
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  const paths = names
    .filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]))
    .map((name) => `traits.${name}`);
  if (listOf(before) !== listOf(after)) paths.push('identifiers');
  return paths;
}

function listOf(content: ProfileContent | null): string {
  return content === null ? '' : JSON.stringify([content.identifierCount, content.identifiers]);
}
