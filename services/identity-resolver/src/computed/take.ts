import type { Computed, IdentityState, StoredRecord } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { computedEvidenceOf, type Workspaces } from '@kenal/identity';
import type { Logger } from '@kenal/service-kit';
import type { Decider } from '../deciding/decider.ts';
import type { ResolverMetrics } from '../resolver-metrics.ts';

export interface TakeDeps {
  readonly state: Pick<IdentityState, 'anchor' | 'load'>;
  readonly workspaces: Workspaces;
  readonly decider: Pick<Decider, 'settle' | 'known'>;
  readonly metrics: Pick<ResolverMetrics, 'computed' | 'computedDropped'>;
  readonly logger: Logger;
}

/** Put what was computed with the profiles. @returns workspaces of which something was kept */
export type TakeComputed = (records: readonly StoredRecord[]) => Promise<ReadonlySet<string>>;

export function createTakeComputed({ state, workspaces, decider, metrics, logger }: TakeDeps): TakeComputed {
  const codec = createCodec<Computed>('computed');
  const configured = new Set(workspaces.configured);

  function drop(reason: 'unreadable' | 'unknown' | 'erased' | 'unfit', count = 1): void {
    if (count > 0) metrics.computedDropped.inc({ reason }, count);
  }

  function decoded(record: StoredRecord): Computed[] {
    try {
      return [codec.decode(record.value)];
    } catch (err) {
      const { partition, offset } = record;
      logger.error({ err, partition, offset }, 'a computed attribute cannot be read and is left out');
      drop('unreadable');
      return [];
    }
  }

  /** The identifier that each profile has its id from, where it has a component of its own. */
  async function anchorsOf(workspace: string, said: readonly Computed[]): Promise<ReadonlyMap<string, string>> {
    const ids = [...new Set(said.map(({ profileId }) => profileId))];
    const anchors = await Promise.all(ids.map((id) => state.anchor(workspace, id)));
    const { pointers, parked } = await state.load(workspace, [...new Set(anchors.flatMap((key) => key ?? []))]);
    const found = new Map<string, string>();
    for (const [i, id] of ids.entries()) {
      const key = anchors[i];
      if (key != null && pointers.has(key) && !parked.has(key)) found.set(id, key);
    }
    return found;
  }

  async function takeOf(workspace: string, said: readonly Computed[]): Promise<number> {
    // Before the look at the state: what is erased since stands behind the fence
    const { known } = decider;
    const { isErased } = workspaces.of(workspace);
    const anchors = await anchorsOf(workspace, said);
    const ofKnown = said.filter(({ profileId }) => anchors.has(profileId));
    drop('unknown', said.length - ofKnown.length);
    const kept = ofKnown.filter(({ profileId, computedAt }) => {
      return !isErased([anchors.get(profileId)!], { clientAt: null, receivedAt: computedAt });
    });
    drop('erased', ofKnown.length - kept.length);
    const items = kept.map((item) => {
      return { item, evidence: computedEvidenceOf(item, anchors.get(item.profileId)!), recovering: false };
    });
    const { unfit } = await decider.settle(workspace, items, known);
    for (const { error, item } of unfit)
      logger.error({ err: error, workspace, name: item.name }, 'a computed attribute cannot be kept');
    drop('unfit', unfit.length);
    return kept.length - unfit.length;
  }

  return async function take(records) {
    const touched = new Set<string>();
    for (const [workspace, said] of Map.groupBy(records.flatMap(decoded), (one) => one.workspace)) {
      if (!configured.has(workspace)) continue;
      const kept = await takeOf(workspace, said);
      if (kept === 0) continue;
      metrics.computed.inc(kept);
      touched.add(workspace);
    }
    return touched;
  };
}
