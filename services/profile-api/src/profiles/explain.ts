import type { IdentifierKey, Micros } from '@kenal/contracts';
import { type Component, type IdentityRules, profileOf, type RefusedLink, refusedLinksOf } from '@kenal/identity';
import type { FoundIdentifier, ProfileReader } from './reader.ts';

/** A link that joins two identifiers of one person. */
export interface PathLink {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  /** By which rule the two are one: `link` (they came in one interaction), `must`, `linkage` … */
  readonly rule: string;
  readonly firstSeen: Micros;
  readonly lastSeen?: Micros;
  readonly sources?: readonly string[];
  /** Of a link by probability: log2 of the odds. */
  readonly weight?: number;
}

/**
 * The shortest path of accepted links between two identifiers of one person, from `a` on. Pure.
 * @returns empty where there is none
 */
export type FindPath = (
  component: Component,
  rules: IdentityRules,
  a: IdentifierKey,
  b: IdentifierKey,
) => readonly PathLink[];

/** Why two identifiers are one person, or two. */
export interface Explanation {
  readonly ends: readonly [ExplainedEnd, ExplainedEnd];
  readonly samePerson: boolean;
  readonly path: readonly PathLink[];
  /** Links between the two people that joined them not; `own` is on the side of the first. */
  readonly refused: readonly RefusedLink[];
}

interface ExplainedEnd {
  readonly key: IdentifierKey;
  readonly profileId: string | null;
}

/** @throws KenalError as `ProfileReader.keyOf` */
export async function explain(
  reader: ProfileReader,
  findPath: FindPath,
  workspace: string,
  refs: readonly [string, string],
): Promise<Explanation> {
  const [a, b] = await reader.pair(workspace, ...refs);
  const ends = [endOf(a), endOf(b)] as const;
  const samePerson = ends[0].profileId !== null && ends[0].profileId === ends[1].profileId;
  const together = a.componentId === b.componentId;
  const path = samePerson && together ? findPath(a.component, a.rules, a.key, b.key) : [];
  return { ends, samePerson, path, refused: samePerson || !together ? [] : refusedBetween(a, b) };
}

function endOf({ key, component, rules }: FoundIdentifier): ExplainedEnd {
  return { key, profileId: profileOf(component, rules, key)?.id ?? null };
}

function refusedBetween(a: FoundIdentifier, b: FoundIdentifier): RefusedLink[] {
  const [mine, theirs] = [peopleOf(a), new Set(peopleOf(b))];
  return refusedLinksOf(a.component, a.rules, mine).filter(({ other }) => theirs.has(other));
}

function peopleOf({ key, component, rules }: FoundIdentifier): IdentifierKey[] {
  return profileOf(component, rules, key)?.identifiers.map((identifier) => identifier.key) ?? [key];
}

/** Breadth first over the links of the component between identifiers of the one profile. */
export const pathByLinks: FindPath = (component, _rules, a, b) => {
  const profileId = component.assigned.get(a)?.profileId;
  const links = new Map<IdentifierKey, PathLink[]>();
  const put = (from: IdentifierKey, link: PathLink): void => void links.set(from, [...(links.get(from) ?? []), link]);
  for (const { a: one, b: other, first } of component.links.values()) {
    const isInside = [one, other].every((end) => component.assigned.get(end)?.profileId === profileId);
    if (!isInside) continue;
    put(one, { a: one, b: other, rule: 'link', firstSeen: first });
    put(other, { a: other, b: one, rule: 'link', firstSeen: first });
  }
  const cameBy = new Map<IdentifierKey, PathLink | null>([[a, null]]);
  const queue = [a];
  for (const from of queue) {
    if (from === b) break;
    for (const link of links.get(from) ?? []) {
      if (cameBy.has(link.b)) continue;
      cameBy.set(link.b, link);
      queue.push(link.b);
    }
  }
  const path: PathLink[] = [];
  for (let link = cameBy.get(b) ?? null; link !== null; link = cameBy.get(link.a) ?? null) path.unshift(link);
  return path;
};
