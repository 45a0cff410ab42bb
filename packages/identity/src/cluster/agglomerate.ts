import type { IdentifierKey } from '@kenal/contracts';
import type { Component, Link } from '../evidence/component.ts';
import { compareText, compareTypes, type IdentityRules } from '../rules.ts';

/** A link that joined nobody, and why. */
export interface RejectedLink {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  /** `limit:email`: together they would have had more identifiers of that type than a person may. */
  readonly reason: string;
}

export interface Agglomeration {
  /** Identifiers that are one person, in no order of meaning. */
  readonly clusters: readonly (readonly IdentifierKey[])[];
  /** In the order of their rank. */
  readonly rejected: readonly RejectedLink[];
}

interface RankedLink {
  readonly link: Link;
  readonly strong: string;
  readonly weak: string;
  readonly strongRank: number;
  readonly weakRank: number;
}

/**
 * Canonical agglomeration (identity.md, step 3): links in one order that depends on the evidence alone (types of both
 * ends, first time, key), each accepted unless a limit would break. The same evidence gives the same clusters and the
 * same rejections, however it arrived.
 */
export function agglomerate({ sighted, links }: Component, rules: IdentityRules): Agglomeration {
  const keys = [...sighted.keys()];
  if (links.size === 0) return { clusters: keys.map((key) => [key]), rejected: [] };
  const index = new Map(keys.map((key, i) => [key, i]));
  const ranked = [...links.values()].map((link) => rankLink(link, sighted, rules));
  ranked.sort((x, y) => compareLinks(x, y, rules));
  const clusters = createClusters(
    keys.map((key) => sighted.get(key)?.type ?? ''),
    rules,
  );
  const rejected: RejectedLink[] = [];
  for (const { link } of ranked) {
    const broken = clusters.union(index.get(link.a) ?? 0, index.get(link.b) ?? 0);
    if (broken !== null) rejected.push({ a: link.a, b: link.b, reason: `limit:${broken}` });
  }
  const members = new Map<number, IdentifierKey[]>();
  keys.forEach((key, i) => {
    const root = clusters.find(i);
    const group = members.get(root);
    if (group === undefined) members.set(root, [key]);
    else group.push(key);
  });
  return { clusters: [...members.values()], rejected };
}

function rankLink(link: Link, sighted: Component['sighted'], rules: IdentityRules): RankedLink {
  const a = sighted.get(link.a)?.type ?? '';
  const b = sighted.get(link.b)?.type ?? '';
  const [strong, weak] = compareTypes(rules.rankOf, a, b) <= 0 ? [a, b] : [b, a];
  return { link, strong, weak, strongRank: rules.rankOf(strong), weakRank: rules.rankOf(weak) };
}

function compareLinks(x: RankedLink, y: RankedLink, rules: IdentityRules): number {
  return (
    x.strongRank - y.strongRank ||
    compareTypes(rules.rankOf, x.strong, y.strong) ||
    x.weakRank - y.weakRank ||
    compareTypes(rules.rankOf, x.weak, y.weak) ||
    x.link.first - y.link.first ||
    compareText(x.link.a, y.link.a) ||
    compareText(x.link.b, y.link.b)
  );
}

/** Union-find that counts the members of each type. @param types type of each node */
function createClusters(types: readonly string[], rules: IdentityRules) {
  // In rank order, so that of several broken limits the strongest type is named
  const kinds = [...new Set(types)].sort((a, b) => compareTypes(rules.rankOf, a, b));
  const limits = kinds.map((type) => rules.limitOf(type));
  const kindOf = new Map(kinds.map((type, i) => [type, i]));
  const width = kinds.length;
  const parent = Int32Array.from(types, (_, i) => i);
  const size = new Int32Array(types.length).fill(1);
  const counts = new Int32Array(types.length * width);
  types.forEach((type, i) => {
    counts[i * width + (kindOf.get(type) ?? 0)] = 1;
  });

  function find(node: number): number {
    let at = node;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  }

  /** @returns the type whose limit forbids it, or null where the two are one now */
  function union(a: number, b: number): string | null {
    let [big, small] = [find(a), find(b)];
    if (big === small) return null;
    for (let k = 0; k < width; k += 1) {
      if (counts[big * width + k]! + counts[small * width + k]! > limits[k]!) return kinds[k]!;
    }
    if (size[big]! < size[small]!) [big, small] = [small, big];
    parent[small] = big;
    size[big] = size[big]! + size[small]!;
    for (let k = 0; k < width; k += 1) counts[big * width + k] = counts[big * width + k]! + counts[small * width + k]!;
    return null;
  }

  return { find, union };
}
