import type { Clock } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';

export interface Counts {
  readonly interactions: number;
  readonly profiles: number;
  readonly failed: number;
  /** Interactions that arrived within the last minute. */
  readonly lastMinute: number;
}

export type Count = (workspace: string) => Promise<Counts>;

const FRESH_MS = 1_500;
// Counting may take one twentieth of the time at most, however large the tables are
const PAUSE_FACTOR = 20;

/** Counts of a workspace, asked once for all who look, and less often where asking is slow. */
export function createCount(warehouse: Warehouse, clock: Clock): Count {
  const kept = new Map<string, { readonly until: number; readonly counts: Promise<Counts> }>();
  const ask = async (workspace: string): Promise<Counts> => {
    const [row] = await warehouse.query<Counts>(
      `SELECT count() AS interactions, countIf(received_at > now64(3) - INTERVAL 1 MINUTE) AS lastMinute,
         (SELECT uniqExact(profile_id) FROM kenal.profile_identifiers) AS profiles,
         (SELECT count() FROM kenal.failed_events) AS failed
       FROM kenal.interactions`,
      { workspace },
    );
    return row ?? { interactions: 0, profiles: 0, failed: 0, lastMinute: 0 };
  };
  return (workspace) => {
    const now = (): number => clock() / 1_000;
    const known = kept.get(workspace);
    if (known !== undefined && now() < known.until) return known.counts;
    const began = now();
    const counts = ask(workspace);
    const set = (until: number): void => void kept.set(workspace, { until, counts });
    set(Number.POSITIVE_INFINITY);
    counts.then(
      () => set(now() + Math.max(FRESH_MS, PAUSE_FACTOR * (now() - began))),
      () => kept.delete(workspace),
    );
    return counts;
  };
}
