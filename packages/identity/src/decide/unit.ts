import type { ComponentSnapshot, IdentifierKey } from '@kenal/contracts';
import { createGroups } from '../cluster/oversize.ts';
import type { InteractionEvidence } from '../evidence/interaction-evidence.ts';
import { hubsIn, type Loaded, piecesOf } from './pieces.ts';

/** What is decided together and written as one: evidence that hangs together, and the components that it belongs to. */
export interface Unit {
  readonly evidence: readonly InteractionEvidence[];
  readonly keys: readonly IdentifierKey[];
  readonly components: readonly ComponentSnapshot[];
}

/** Divide evidence into units; where none of it has to do with a hub, all is one. */
export function unitsOf(evidence: readonly InteractionEvidence[], loaded: Loaded): Unit[] {
  const hubs = hubsIn(loaded);
  if (hubs.size === 0 || !evidence.some(({ keys }) => keys.some((key) => hubs.has(key))))
    return [unitOf(evidence, loaded)];
  const groups = createGroups();
  const nameOf = (key: IdentifierKey): string => loaded.pointers.get(key) ?? `:${key}`;
  const pieces = evidence.flatMap((one) => piecesOf(one, loaded));
  for (const { keys } of pieces) for (const key of keys) groups.join(nameOf(keys[0]!), nameOf(key));
  const units = Map.groupBy(pieces, ({ keys }) => groups.find(nameOf(keys[0]!)));
  return Array.from(units.values(), (group) => unitOf(group, loaded));
}

function unitOf(evidence: readonly InteractionEvidence[], { pointers, components }: Loaded): Unit {
  const keys = keysOf(evidence);
  const joined: ComponentSnapshot[] = [];
  const seen = new Set<string>();
  for (const key of keys) {
    const id = pointers.get(key);
    if (id === undefined || seen.has(id)) continue;
    seen.add(id);
    const component = components.get(id);
    if (component !== undefined) joined.push(component);
  }
  return { evidence, keys, components: joined };
}

function keysOf(evidence: readonly InteractionEvidence[]): readonly IdentifierKey[] {
  if (evidence.length === 1) return evidence[0]!.keys;
  const keys = new Set<IdentifierKey>();
  for (const one of evidence) for (const key of one.keys) keys.add(key);
  return [...keys];
}
