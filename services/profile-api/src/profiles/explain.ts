import type { IdentifierKey, Micros, ParkedLeaf } from '@kenal/contracts';
import { decodeComponent, type IdentityRules, profileOf, refusedLinksOf } from '@kenal/identity';
import type { FoundIdentifier, ProfileReader } from './reader.ts';

/** A link between two identifiers and what it is made of. */
interface ExplainedLink {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  /** `link`: they came in one interaction; `must`: somebody decided so; `linkage`: a model finds it likely. */
  readonly rule: string;
  readonly first: { readonly at: Micros; readonly messageId: string };
  readonly last: { readonly at: Micros; readonly messageId: string };
  readonly sources: readonly string[];
  /** Of a link by probability: log2 of the odds, and its waterfall as JSON; else null and ''. */
  readonly weight: number | null;
  readonly detail: string;
}

/** A link that joined nobody. */
interface ExplainedRejection extends Partial<ExplainedLink> {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  /** `limit:email`, `hub:<key>`, `cannot:<a>|<b>`, `oversize`, `guard` */
  readonly reason: string;
}

interface Explanation {
  readonly isOnePerson: boolean;
  /** Shortest way of accepted links from the one to the other. */
  readonly path: readonly ExplainedLink[];
  readonly rejected: readonly ExplainedRejection[];
}

/** Why two identifiers are one person, or two, by what is stored of both. Pure. */
export type Explain = (
  stored: {
    readonly components: readonly ReadonlyMap<string, string>[];
    readonly parked: ReadonlyMap<IdentifierKey, ParkedLeaf>;
  },
  rules: IdentityRules,
  one: IdentifierKey,
  other: IdentifierKey,
) => Explanation;

/** An explanation, and whose the two are. */
export interface ExplainedPair extends Explanation {
  readonly rules: IdentityRules;
  readonly ends: readonly { readonly key: IdentifierKey; readonly profileId: string | null }[];
}

/** @throws KenalError as `ProfileReader.keyOf` */
export async function explainPair(
  reader: ProfileReader,
  explain: Explain,
  workspace: string,
  refs: readonly [string, string],
): Promise<ExplainedPair> {
  const both = await reader.pair(workspace, ...refs);
  const [one, other] = both;
  const components = new Map(both.map(({ componentId, fields }) => [componentId, fields]));
  const parked = new Map(both.flatMap(({ key, parked: leaf }) => (leaf === null ? [] : [[key, leaf] as const])));
  const explanation = explain({ components: [...components.values()], parked }, one.rules, one.key, other.key);
  return { ...explanation, rules: one.rules, ends: both.map(endOf) };
}

function endOf({ key, component, rules }: FoundIdentifier): ExplainedPair['ends'][number] {
  return { key, profileId: profileOf(component, rules, key)?.id ?? null };
}

/** By the links of one interaction alone: breadth first between identifiers that are published under one profile. */
export const explainByLinks: Explain = ({ components }, rules, one, other) => {
  const component = decodeComponent(components);
  const profileOfKey = (key: IdentifierKey): string => component.assigned.get(key)?.profileId ?? key;
  const links = new Map<IdentifierKey, ExplainedLink[]>();
  for (const { a, b, first: at } of component.links.values()) {
    if (profileOfKey(a) !== profileOfKey(b)) continue;
    const seen = { at, messageId: '' };
    const about = { rule: 'link', first: seen, last: seen, sources: [], weight: null, detail: '' };
    for (const link of [
      { a, b, ...about },
      { a: b, b: a, ...about },
    ])
      links.set(link.a, [...(links.get(link.a) ?? []), link]);
  }
  const cameBy = new Map<IdentifierKey, ExplainedLink | null>([[one, null]]);
  for (const from of cameBy.keys())
    for (const link of links.get(from) ?? []) if (!cameBy.has(link.b)) cameBy.set(link.b, link);
  if (!cameBy.has(other))
    return { isOnePerson: false, path: [], rejected: rejectedBetween(component, rules, one, other) };
  const path: ExplainedLink[] = [];
  for (let link = cameBy.get(other) ?? null; link !== null; link = cameBy.get(link.a) ?? null) path.unshift(link);
  return { isOnePerson: true, path, rejected: [] };
};

function rejectedBetween(
  component: ReturnType<typeof decodeComponent>,
  rules: IdentityRules,
  one: IdentifierKey,
  other: IdentifierKey,
): ExplainedRejection[] {
  const keysOf = (key: IdentifierKey): IdentifierKey[] =>
    profileOf(component, rules, key)?.identifiers.map((identifier) => identifier.key) ?? [key];
  const theirs = new Set(keysOf(other));
  return refusedLinksOf(component, rules, keysOf(one))
    .filter((link) => theirs.has(link.other))
    .map((link) => ({ a: link.own, b: link.other, reason: `limit:${link.type}` }));
}
