import type { Logger } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';

/** What a score rests on: a fit of view `model_registry`. */
export interface FitView {
  readonly model: string;
  readonly currency: string;
  /** YYYY-MM-DD, of what was learnt from. */
  readonly from: string | null;
  readonly until: string | null;
  readonly customers: number;
  readonly heldOut: {
    /** Last day that these figures were learnt from; null where nothing was held out. */
    readonly from: string | null;
    readonly days: number;
    readonly figures: Readonly<Record<string, number>>;
  };
}

/** @returns by fit id; a fit that is not known, or not at hand, is not in it */
export type ReadFits = (workspace: string, ids: readonly string[]) => Promise<ReadonlyMap<string, FitView>>;

interface FitRow extends Omit<FitView, 'heldOut'> {
  readonly id: string;
  readonly heldOutFrom: string | null;
  readonly days: number;
  readonly figures: Readonly<Record<string, number>>;
}

// A fit has its name by its data, model and code: once read it stays as it is
const FITS = `SELECT fit_id AS id, toString(model) AS model, toString(currency) AS currency, toString(first_day) AS from, toString(f.until) AS until, f.customers AS customers,
    toString(holdout_from) AS heldOutFrom, horizon_days AS days, f.quality AS figures
  FROM kenal.model_registry AS f WHERE fit_id IN {ids:Array(String)}`;
const MOST_KEPT = 1_000;

/** Scores are in the identity state and must be told also where the warehouse is away: then without their fits. */
export function createReadFits(warehouse: Pick<Warehouse, 'query'>, logger: Logger): ReadFits {
  const kept = new Map<string, FitView>();
  return async (workspace, ids) => {
    if (kept.size > MOST_KEPT) kept.clear();
    const keyOf = (id: string): string => `${workspace} ${id}`;
    const wanted = [...new Set(ids)].filter((id) => id !== '');
    const unknown = wanted.filter((id) => !kept.has(keyOf(id)));
    if (unknown.length > 0) {
      try {
        const rows = await warehouse.query<FitRow>(FITS, { workspace, params: { ids: unknown } });
        for (const { id, heldOutFrom: from, days, figures, ...fit } of rows)
          kept.set(keyOf(id), { ...fit, heldOut: { from, days, figures } });
      } catch (err) {
        logger.warn({ err, workspace }, 'scores are told without what they rest on');
      }
    }
    return new Map(wanted.flatMap((id) => (kept.has(keyOf(id)) ? [[id, kept.get(keyOf(id))!] as const] : [])));
  };
}
