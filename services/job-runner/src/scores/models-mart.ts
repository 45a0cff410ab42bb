import { CHURN_FEATURES, REPEAT_MODELS } from '@kenal/analytics';
import type { Clock } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';
import type { Mart, MartRefresh } from '../marts/mart.ts';
import { openThread } from '../thread/session.ts';
import { type BuyingReader, createBuyingReader, readAsOf, readWindows, refreshBuying, type Window } from './buying.ts';
import { fitDonorsOf } from './donors.ts';
import type { FitNumbers, FittedRepeat, FittedRepeats } from './fit-repeat.ts';
import type { Answers, Asked } from './messages.ts';
import { type FitData, type FitFacts, openRegistry, type Registry } from './registry.ts';
import { tooLittle } from './too-little.ts';

export interface ScoresDeps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
}

/** Days that churn looks ahead. */
export const CHURN_DAYS = 90;
/** Days held out at most; a third of what there is, where that is less. */
const HOLDOUT_DAYS = 182;
/** Customers that churn is learned from, and spenders that spend is: more teach nothing that could be seen. */
const MOST_SAMPLED = 30_000;
const MOST_SPENDERS = 1_000_000;

export const openScoring = (signal: AbortSignal) => {
  const module = new URL('./thread.ts', import.meta.url);
  return openThread<Asked, Answers>({ module, name: 'scoring', signal });
};
export type ScoringThread = ReturnType<typeof openScoring>;

/** Those that are learned from purchases. */
const BUYING_MODELS: readonly string[] = [...REPEAT_MODELS, 'nbd', 'gamma-gamma', 'churn'];

/** What fits of one window share. */
interface Fitting {
  readonly registry: Registry;
  readonly reader: BuyingReader;
  readonly thread: ScoringThread;
  readonly full: boolean;
  readonly asOf: number;
}

/** Mart `models`: learns of repeat buying, spend, churn and donors, and writes down each fit, or why there is none. */
export function createModelsMart({ warehouse, clock }: ScoresDeps): Mart {
  return {
    async refresh({ workspace: { id }, full, signal, note }: MartRefresh) {
      await note('reading purchases');
      await refreshBuying(warehouse, { workspace: id, full, ver: clock(), signal });
      const registry = await openRegistry(warehouse, clock, id);
      const windows = await readWindows(warehouse, id);
      await using thread = openScoring(signal);
      const reader = createBuyingReader(warehouse, { workspace: id, signal });
      const all = windows.get('*');
      if (all !== undefined) {
        const fitting = { registry, reader, thread, full, asOf: await readAsOf(warehouse, id, all.last) };
        for (const [currency, window] of windows) {
          if (currency === '*') continue;
          await note(`learning how ${currency === '' ? 'customers' : `customers in ${currency}`} buy`);
          await fitBuying(fitting, currency, window);
          await registry.commit();
        }
        await note('learning who stays away');
        await fitChurn(fitting, all);
      }
      for (const { model, currency } of registry.all())
        if (BUYING_MODELS.includes(model) && !windows.has(model === 'churn' ? '*' : currency))
          registry.gone(model, currency);
      await note('learning how donors give');
      await fitDonorsOf({ warehouse, clock, registry, thread, workspace: id, full });
      await registry.commit();
      return { rows: registry.written };
    },
  };
}

const dataOf = (model: string, currency: string, window: Window, asOf: number): FitData => {
  const { first, customers, repeaters, hash } = window;
  return { model, currency, hash, first, until: asOf, customers, repeaters };
};

/** Repeat buying and spend of a currency. The same data are not learned from twice. */
async function fitBuying(fitting: Fitting, currency: string, window: Window): Promise<void> {
  const { registry, reader, thread, full, asOf } = fitting;
  const dataFor = (model: string): FitData => dataOf(model, currency, window, asOf);
  const isKnown = (model: string): boolean => registry.newest(model, currency)?.fitId === registry.idOf(dataFor(model));
  if (!full && [...REPEAT_MODELS, 'gamma-gamma'].every(isKnown)) return;
  const refusal = tooLittle(window, asOf);
  if (refusal !== null) {
    for (const model of [...REPEAT_MODELS, 'gamma-gamma']) registry.refused(dataFor(model), refusal);
    registry.gone('nbd', currency); // it stood in for the others
    return;
  }
  const horizonDays = Math.min(HOLDOUT_DAYS, Math.floor((asOf - window.first) / 3));
  const from = asOf - horizonDays;
  const now = await reader.cells(currency, asOf, 0);
  const earlier = await reader.cells(currency, from, horizonDays);
  const held = { holdoutFrom: earlier.length === 0 ? null : from, horizonDays };
  const fitted = await thread.ask({ ask: 'repeat', now, earlier, horizonDays }, [now.buffer, earlier.buffer]);
  for (const model of fitted.models) registry.fitted(dataFor(model.name), { ...repeatFacts(fitted, model), ...held });

  const most = [MOST_SPENDERS, window.repeaters] as const;
  const spends = await reader.spenders(currency, asOf, 0, ...most);
  const before = await reader.spenders(currency, from, horizonDays, ...most);
  const spend = await thread.ask({ ask: 'spend', now: spends, earlier: before }, [spends.buffer, before.buffer]);
  const whyNot = spendFault(spend.fit);
  registry.fitted(dataFor('gamma-gamma'), {
    ...{ ...spend.fit, ...held, limit: null, quality: { ...spend.heldOut }, lift: [] },
    ...{ used: whyNot === null, why: whyNot ?? 'the only model of spend', document: '', seconds: spend.seconds },
  });
}

/** Where amounts have too long a tail, a customer of whom nothing is known would bring infinitely much. */
function spendFault({ converged, ridge, parameters }: FitNumbers): string | null {
  if (!converged) return 'the search came to no end';
  if (ridge) return 'the data do not tell its parameters apart';
  return (parameters.q ?? 0) > 1 ? null : 'amounts differ so much that their mean is not finite (q is at most 1)';
}

function repeatFacts(fitted: FittedRepeats, model: FittedRepeat): Omit<FitFacts, 'holdoutFrom' | 'horizonDays'> {
  const { name, fit, heldOut, seconds } = model;
  const limit = fit.ridge ? { model: 'nbd', ...fitted.limit } : null;
  const used = name === fitted.used;
  return {
    ...{ ...fit, limit, quality: { ...heldOut }, lift: [], document: '', seconds },
    ...{ used, why: whyOf(fitted, model) },
  };
}

function whyOf({ models, used }: FittedRepeats, { name, fit }: FittedRepeat): string {
  if (name === 'nbd') return 'no model of leaving can be told from these data: used in their place';
  if (fit.ridge && name !== used) return 'the data do not tell its parameters apart';
  if (!fit.converged) return 'the search came to no end';
  const errors = models
    .filter((one) => one.heldOut !== null)
    .map((one) => `${one.name} ${one.heldOut!.rmse.toFixed(4)}`)
    .join(', ');
  const by = errors === '' ? 'by likelihood, nothing was held out' : `root mean square error held out: ${errors}`;
  return name === used ? `foretold best; ${by}` : `${used} foretold better; ${by}`;
}

/** Whoever it is that comes back, in whatever currency. */
async function fitChurn({ registry, reader, thread, full, asOf }: Fitting, window: Window): Promise<void> {
  const data = dataOf('churn', '', window, asOf);
  if (!full && registry.newest('churn', '')?.fitId === registry.idOf(data)) return;
  const refusal = tooLittle(window, asOf);
  if (refusal !== null) return registry.refused(data, refusal);
  const rows = await reader.sample(MOST_SAMPLED, window.customers);
  const { kept, reason, heldOut, seconds } = await thread.ask({ ask: 'churn', rows, asOf, horizonDays: CHURN_DAYS }, [
    rows.buffer,
  ]);
  if (kept === null) return registry.refused(data, `too little to learn from: ${reason}`);
  const { regression, stretch } = kept.fit.learned;
  const { liftByDecile, ...quality } = heldOut ?? { liftByDecile: null };
  const named = <T>(of: readonly T[]): Record<string, T> =>
    Object.fromEntries(of.map((one, at) => [CHURN_FEATURES[at]!, one]));
  registry.fitted(data, {
    parameters: { intercept: regression.intercept, stretch, ...named(regression.coefficients) },
    standardErrors: { intercept: regression.standardErrors[0] ?? null, ...named(regression.standardErrors.slice(1)) },
    ...{ logLikelihood: regression.logLikelihood, iterations: 0, converged: regression.converged, ridge: false },
    ...{ limit: null, quality, lift: liftByDecile ?? [], horizonDays: CHURN_DAYS },
    holdoutFrom: heldOut === null ? null : asOf - CHURN_DAYS,
    ...{ used: true, why: 'learned from earlier origins alone', document: JSON.stringify(kept), seconds },
  });
}
