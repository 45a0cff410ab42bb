import type { ComponentSnapshot, ParkedLeaf } from '@kenal/contracts';
import { shelvesIn } from '@kenal/identity';
import type { EvidenceState } from './stores.ts';

/** Shelves are read whole. */
const ALL = 1_000_000_000;
/** Components of this kind hold no evidence: what a sweep remembers. */
const NOT_EVIDENCE = '*';

export interface LiveComponent {
  readonly fields: ComponentSnapshot['fields'];
  /** Leaves that are parked on its identifiers. */
  readonly parked: ReadonlyMap<string, ParkedLeaf>;
}

/**
 * All evidence of a workspace, a page of components at a time, each once. It is of no one instant: what is joined or parted
 * meanwhile may come twice or not at all.
 */
export async function* liveEvidence(state: EvidenceState, workspace: string): AsyncGenerator<LiveComponent> {
  const seen = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<EvidenceState['scan']>> = await state.scan(workspace, cursor);
    cursor = page.cursor;
    for (const { id, fields } of page.components) {
      if (id.startsWith(NOT_EVIDENCE) || seen.has(id)) continue;
      seen.add(id);
      yield { fields, parked: await parkedOn(state, workspace, shelvesIn(fields)) };
    }
  } while (cursor !== null);
}

async function parkedOn(state: EvidenceState, workspace: string, centres: readonly string[]) {
  const parked = new Map<string, ParkedLeaf>();
  if (centres.length === 0) return parked;
  const { shelves } = await state.load(
    workspace,
    [],
    centres.map((centre) => ({ centre, limit: ALL })),
  );
  for (const [centre, { entries }] of shelves)
    for (const { leaf, text } of entries) if (text !== null) parked.set(leaf, { centre, text });
  return parked;
}
