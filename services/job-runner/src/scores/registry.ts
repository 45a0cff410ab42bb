import { createHash } from 'node:crypto';
import type { Clock } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';

/** Raise it where the same data give another fit, or a fit other scores: everything is computed anew then. */
const CODE = 1;

/** Which data a fit is of. */
export interface FitData {
  readonly model: string;
  /** '' where money is no matter. */
  readonly currency: string;
  readonly hash: string;
  /** Days since 1970-01-01; null where there are none. */
  readonly first: number | null;
  readonly until: number | null;
  readonly customers: number;
  readonly repeaters: number;
}

/** What came of it. */
export interface FitFacts {
  readonly parameters: Readonly<Record<string, number>>;
  readonly standardErrors: Readonly<Record<string, number | null>>;
  readonly logLikelihood: number | null;
  readonly iterations: number;
  readonly converged: boolean;
  readonly ridge: boolean;
  readonly limit: { readonly model: string; readonly parameters: object; readonly logLikelihood: number } | null;
  /** Held-out figures by name; null is not told. */
  readonly quality: Readonly<Record<string, number | null>>;
  readonly lift: readonly number[];
  readonly holdoutFrom: number | null;
  readonly horizonDays: number;
  readonly used: boolean;
  readonly why: string;
  /** What scores are computed from; '' where the parameters are all. */
  readonly document: string;
  readonly seconds: number;
}

/** A fit as scores ask for it. */
export interface KeptFit {
  readonly fitId: string;
  readonly model: string;
  readonly currency: string;
  /** Hash of the data, and the last day of them: fits of one run have both in common. */
  readonly dataHash: string;
  readonly until: string | null;
  readonly state: 'fitted' | 'refused';
  readonly used: boolean;
  readonly parameters: Readonly<Record<string, number>>;
  readonly standardErrors: Readonly<Record<string, number>>;
  readonly document: string;
}

/** Fits of a workspace: the newest of each model and currency, and new ones. */
export interface Registry {
  newest(model: string, currency: string): KeptFit | null;
  all(): readonly KeptFit[];
  idOf(data: FitData): string;
  fitted(data: FitData, facts: FitFacts): void;
  refused(data: FitData, reason: string): void;
  /** What was learnt holds no longer, for there are no such data any more. Nothing where nothing was. */
  gone(model: string, currency: string): void;
  /** Write what was fitted and refused since, all of it at once: fits that go together are seen together. */
  commit(): Promise<void>;
  /** How many rows were written. */
  readonly written: number;
}

/** The newest two of each. */
const NEWEST = `SELECT model, toString(currency) AS currency, fit_id AS fitId, data_hash AS dataHash, until, state, used, parameters, standard_errors AS standardErrors, document
  FROM kenal.model_rows FINAL WHERE workspace = {of:String} ORDER BY ver DESC LIMIT 2 BY model, currency`;

export async function openRegistry(warehouse: Warehouse, clock: Clock, workspace: string): Promise<Registry> {
  const rows = await warehouse.query<KeptFit>(NEWEST, { workspace, params: { of: workspace } });
  const of = (model: string, currency: string): KeptFit[] =>
    rows.filter((row) => row.model === model && row.currency === currency);
  const newest = rows.filter((row) => of(row.model, row.currency)[0] === row);
  let waiting: object[] = [];
  let written = 0;
  function add(data: FitData, row: object): void {
    const ver = clock();
    waiting.push({
      ...{ workspace, model: data.model, currency: data.currency, fit_id: fitId(data), data_hash: data.hash },
      ...{ first_day: data.first, until: data.until, customers: data.customers, repeaters: data.repeaters },
      ...{ fitted_at: ver, ver, ...row },
    });
  }
  return {
    newest: (model, currency) => of(model, currency)[0] ?? null,
    all: () => newest,
    idOf: fitId,
    get written() {
      return written;
    },
    async commit() {
      const rows = waiting;
      waiting = [];
      await warehouse.insert('kenal.model_rows', rows);
      written += rows.length;
    },
    refused: (data, reason) => add(data, { state: 'refused', reason }),
    gone(model, currency) {
      if (of(model, currency)[0]?.state !== 'fitted') return;
      const none = { hash: '', first: null, until: null, customers: 0, repeaters: 0 };
      add({ model, currency, ...none }, { state: 'refused', reason: 'what it was learnt from is no longer there' });
    },
    fitted: (data, facts) => {
      // The same data learned from again are compared with what they were compared with before
      const before = of(data.model, data.currency).find((row) => row.fitId !== fitId(data));
      const compared = before?.state === 'fitted' ? before : null;
      add(data, {
        ...{ state: 'fitted', parameters: facts.parameters, standard_errors: told(facts.standardErrors) },
        ...{ log_likelihood: facts.logLikelihood, iterations: facts.iterations, converged: facts.converged },
        ...{
          ridge: facts.ridge,
          limit_model: facts.limit?.model ?? '',
          limit_parameters: facts.limit?.parameters ?? {},
        },
        ...{ limit_log_likelihood: facts.limit?.logLikelihood ?? null, holdout_from: facts.holdoutFrom },
        ...{ horizon_days: facts.horizonDays, quality: told(facts.quality), lift: facts.lift, used: facts.used },
        ...{ why: facts.why, document: facts.document, seconds: facts.seconds },
        ...{ drift: compared === null ? null : driftOf(compared, facts), compared_with: compared?.fitId ?? '' },
      });
    },
  };
}

/** The same data, model and code have the same name. */
function fitId({ model, currency, hash, until }: FitData): string {
  const said = JSON.stringify([CODE, model, currency, hash, until]);
  return createHash('sha256').update(said).digest('hex').slice(0, 16);
}

function told(figures: Readonly<Record<string, number | null>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(figures).filter(
      (entry): entry is [string, number] => entry[1] !== null && Number.isFinite(entry[1]),
    ),
  );
}

/** Greatest |b − a| / √(s_a² + s_b²) over the parameters whose errors both fits know; null where there is none. */
function driftOf(
  before: Pick<KeptFit, 'parameters' | 'standardErrors'>,
  now: Pick<FitFacts, 'parameters' | 'standardErrors'>,
): number | null {
  const moved = Object.keys(now.parameters).flatMap((name) => {
    const errors = [before.standardErrors[name], now.standardErrors[name]];
    const [a, b] = [before.parameters[name], now.parameters[name]];
    if (a === undefined || b === undefined || errors.some((one) => one === undefined || one === null)) return [];
    const error = Math.hypot(...(errors as number[]));
    return error > 0 ? [Math.abs(b - a) / error] : [];
  });
  return moved.length === 0 ? null : Math.max(...moved);
}
