import type { IdentifierKey } from '@kenal/contracts';
import { LINK_CLASSES, type LinkClass } from '../evidence/component.ts';
import { typeOf } from '../evidence/sight.ts';
import type { IdentityRules } from '../rules.ts';

interface Pair {
  readonly class: LinkClass;
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
}

/**
 * Where more identifiers hang together than a component may have, the links of weak identifiers with each other are
 * dropped first (identity.md, f, step 5).
 * @param joining links that could join; @param keys all identifiers
 * @returns those to drop, or null where nothing is oversize
 */
export function dropsOf<P extends Pair>(
  joining: readonly P[],
  keys: ReadonlySet<IdentifierKey>,
  rules: IdentityRules,
): Set<P> | null {
  if (keys.size <= rules.mostIdentifiers) return null;
  const groups = createGroups();
  for (const { a, b } of joining) groups.join(a, b);
  const sizes = new Map<IdentifierKey, number>();
  for (const key of keys) sizes.set(groups.find(key), (sizes.get(groups.find(key)) ?? 0) + 1);
  const drops = new Set<P>();
  let isOversize = false;
  for (const pair of joining) {
    if ((sizes.get(groups.find(pair.a)) ?? 0) <= rules.mostIdentifiers) continue;
    isOversize = true;
    if (pair.class === LINK_CLASSES.must) continue;
    if (!rules.isPerson(typeOf(pair.a)) && !rules.isPerson(typeOf(pair.b))) drops.add(pair);
  }
  return isOversize ? drops : null;
}

/** Union-find over names. */
export function createGroups() {
  const parent = new Map<string, string>();
  function find(name: string): string {
    let at = name;
    for (;;) {
      const up = parent.get(at) ?? at;
      if (up === at) return at;
      const next = parent.get(up) ?? up;
      parent.set(at, next);
      at = next;
    }
  }
  return {
    find,
    join(a: string, b: string): void {
      const [one, other] = [find(a), find(b)];
      if (one !== other) parent.set(one, other);
    },
  };
}
