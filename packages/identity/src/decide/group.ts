import type { IdentifierKey } from '@kenal/contracts';
import type { InteractionEvidence } from '../evidence/interaction-evidence.ts';
import { type Loaded, piecesOf } from './pieces.ts';

/**
 * Split a batch into parts that have nothing to do with each other: two interactions are in one part where they share an
 * identifier that is no hub, or identifiers of one component. Each part is then one decision.
 * @param evidenceOf what an item says
 * @returns parts in the order of their first item, items in the order given
 */
export function groupEvidence<E>(
  items: readonly E[],
  loaded: Loaded,
  evidenceOf: (item: E) => InteractionEvidence,
): E[][] {
  const parent = items.map((_, i) => i);
  const find = (node: number): number => {
    let at = node;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  const byKey = new Map<string, number>();
  const byComponent = new Map<string, number>();
  items.forEach((item, i) => {
    for (const { keys } of piecesOf(evidenceOf(item), loaded)) {
      for (const key of keys) {
        const component = loaded.pointers.get(key);
        const seen = component === undefined ? byKey : byComponent;
        const other = seen.get(component ?? key);
        if (other === undefined) seen.set(component ?? key, i);
        else parent[Math.max(find(other), find(i))] = Math.min(find(other), find(i));
      }
    }
  });
  const parts = new Map<number, E[]>();
  items.forEach((item, i) => {
    const root = find(i);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [item]);
    else part.push(item);
  });
  return [...parts.values()];
}

/** What a part hangs on. */
export interface Places {
  readonly components: ReadonlySet<string>;
  readonly keys: ReadonlySet<IdentifierKey>;
}

/** All that several parts hang on. */
export function joinPlaces(several: readonly Places[]): Places {
  return {
    components: new Set(several.flatMap(({ components }) => [...components])),
    keys: new Set(several.flatMap(({ keys }) => [...keys])),
  };
}

/** @param part of `groupEvidence`; the hubs that it passes by are not among its places */
export function placesOf(part: Iterable<InteractionEvidence>, loaded: Loaded): Places {
  const components = new Set<string>();
  const keys = new Set<IdentifierKey>();
  for (const one of part) {
    for (const piece of piecesOf(one, loaded)) {
      for (const key of piece.keys) {
        keys.add(key);
        const component = loaded.pointers.get(key);
        if (component !== undefined) components.add(component);
      }
    }
  }
  return { components, keys };
}
