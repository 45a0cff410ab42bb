import { createGroups } from '../cluster/oversize.ts';
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
  const groups = createGroups();
  const names = items.map((item, i) => {
    const own = `#${i}`;
    for (const { keys } of piecesOf(evidenceOf(item), loaded))
      for (const key of keys) groups.join(own, loaded.pointers.get(key) ?? `:${key}`);
    return own;
  });
  const parts = new Map<string, E[]>();
  items.forEach((item, i) => {
    const root = groups.find(names[i]!);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [item]);
    else part.push(item);
  });
  return [...parts.values()];
}
