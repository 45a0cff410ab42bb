import { compareTypes, type IdentityRules } from '../rules.ts';

export interface Clusters {
  find(node: number): number;
  /** @returns why the two stay apart, or null where they are one now */
  unite(a: number, b: number, kind: 'must' | 'deterministic' | 'probabilistic'): string | null;
}

export interface ClusterInput {
  /** Type of each node. */
  readonly types: readonly string[];
  /** Pairs of nodes that are two people, and their names; the smaller name is given as the reason. */
  readonly apart: readonly (readonly [number, number, string])[];
  /** Probabilistic links: both nodes and the weight. */
  readonly scored: readonly (readonly [number, number, number])[];
  readonly rules: IdentityRules;
}

/** A probabilistic link never joins two of these, whatever the limit. */
const UNIQUE = 'user_id';
/** What a pair counts for that no model has scored. */
const UNSCORED = -1;

/** Union-find that counts the members of each type, and keeps apart what must not be one (identity.md, f, step 3). */
export function createClusters({ types, apart, scored, rules }: ClusterInput): Clusters {
  // In rank order, so that of several broken limits the strongest type is named
  const kinds = [...new Set(types)].sort((a, b) => compareTypes(rules.rankOf, a, b));
  const limits = kinds.map((type) => rules.limitOf(type));
  const kindOf = new Map(kinds.map((type, i) => [type, i]));
  const width = kinds.length;
  const unique = kindOf.get(UNIQUE);
  const parent = Int32Array.from(types, (_, i) => i);
  const size = new Int32Array(types.length).fill(1);
  const counts = new Int32Array(types.length * width);
  types.forEach((type, i) => {
    counts[i * width + (kindOf.get(type) ?? 0)] = 1;
  });
  const enemies = createEnemies(apart, find);
  const guard = createGuard(scored, find);

  function find(node: number): number {
    let at = node;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  }

  /** What has a type already that would be too many is not made worse by a cluster without it. */
  function brokenLimit(a: number, b: number): string | null {
    for (let k = 0; k < width; k += 1) {
      const [one, other] = [counts[a * width + k]!, counts[b * width + k]!];
      if (one + other > limits[k]! && one > 0 && other > 0) return kinds[k]!;
    }
    return null;
  }

  function merge(a: number, b: number): void {
    const [big, small] = size[a]! < size[b]! ? [b, a] : [a, b];
    parent[small] = big;
    size[big] = size[big]! + size[small]!;
    for (let k = 0; k < width; k += 1) counts[big * width + k] = counts[big * width + k]! + counts[small * width + k]!;
    enemies.merge(big, small);
    guard.merge(big, small);
  }

  return {
    find,
    unite(a, b, kind) {
      const [one, other] = [find(a), find(b)];
      if (one === other) return null;
      const enemy = enemies.between(one, other);
      if (enemy !== null) return `cannot:${enemy}`;
      const broken = kind === 'must' ? null : brokenLimit(one, other);
      if (broken !== null) return `limit:${broken}`;
      if (kind === 'probabilistic') {
        const both = unique !== undefined && counts[one * width + unique]! > 0 && counts[other * width + unique]! > 0;
        if (both) return `conflict:${UNIQUE}`;
        if (!guard.allows(one, other)) return 'guard';
      }
      merge(one, other);
      return null;
    },
  };
}

/** Which clusters hold the two ends of a `cannot`. */
function createEnemies(apart: ClusterInput['apart'], find: (node: number) => number) {
  const of = new Map<number, { readonly node: number; readonly name: string }[]>();
  for (const [a, b, name] of apart) {
    push(of, a, [{ node: b, name }]);
    push(of, b, [{ node: a, name }]);
  }
  return {
    between(one: number, other: number): string | null {
      let least: string | null = null;
      for (const { node, name } of of.get(one) ?? [])
        if (find(node) === other && (least === null || name < least)) least = name;
      return least;
    },
    merge(big: number, small: number): void {
      const moved = of.get(small);
      if (moved !== undefined) push(of, big, moved);
      of.delete(small);
    },
  };
}

/** The mean weight of all pairs between the scored members of two clusters, which must not be negative. */
function createGuard(scored: ClusterInput['scored'], find: (node: number) => number) {
  const links = new Map<number, { readonly node: number; readonly weight: number }[]>();
  const records = new Map<number, number>();
  for (const [a, b, weight] of scored) {
    for (const [node, other] of [
      [a, b],
      [b, a],
    ] as const) {
      push(links, node, [{ node: other, weight }]);
      records.set(node, 1);
    }
  }
  return {
    allows(one: number, other: number): boolean {
      const pairs = (records.get(one) ?? 0) * (records.get(other) ?? 0);
      const between = (links.get(one) ?? []).filter(({ node }) => find(node) === other);
      const sum = between.reduce((total, { weight }) => total + weight, 0);
      return sum + (pairs - between.length) * UNSCORED >= 0;
    },
    merge(big: number, small: number): void {
      const moved = links.get(small);
      if (moved === undefined) return;
      push(links, big, moved);
      records.set(big, (records.get(big) ?? 0) + (records.get(small) ?? 0));
      links.delete(small);
      records.delete(small);
    },
  };
}

function push<T>(lists: Map<number, T[]>, at: number, items: readonly T[]): void {
  const list = lists.get(at);
  if (list === undefined) lists.set(at, [...items]);
  else for (const item of items) list.push(item);
}
