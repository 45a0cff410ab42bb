import type { IdentifierKey } from '@kenal/contracts';
import type { InteractionEvidence } from '../evidence/interaction-evidence.ts';

/**
 * Split a batch into parts that have nothing to do with each other: two interactions are in one part where they share an
 * identifier, or identifiers that point to one component. Each part is then one decision and one commit.
 * @returns parts in the order of their first interaction, interactions in the order given
 */
export function groupEvidence<E extends Pick<InteractionEvidence, 'keys'>>(
  evidence: readonly E[],
  pointers: ReadonlyMap<IdentifierKey, string>,
): E[][] {
  const parent = evidence.map((_, i) => i);
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
  evidence.forEach(({ keys }, i) => {
    for (const key of keys) {
      const component = pointers.get(key);
      const seen = component === undefined ? byKey : byComponent;
      const name = component ?? key;
      const other = seen.get(name);
      if (other === undefined) seen.set(name, i);
      else parent[Math.max(find(other), find(i))] = Math.min(find(other), find(i));
    }
  });
  const parts = new Map<number, E[]>();
  evidence.forEach((item, i) => {
    const root = find(i);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [item]);
    else part.push(item);
  });
  return [...parts.values()];
}
