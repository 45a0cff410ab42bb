import { type ChurnFit, type ChurnQuality, churnFitOf, createChurn, judgeChurn } from '@kenal/analytics';
import { type BuyingPart, daysOfCustomers, type Medians, mediansOf } from './buying-part.ts';

/** A churn model with what is needed to score customers who were not learned from. */
export interface KeptChurn {
  readonly fit: ChurnFit;
  readonly medians: Medians;
}

export interface FittedChurn {
  /** null where too little is known. */
  readonly kept: KeptChurn | null;
  /** Why; empty where there is one. */
  readonly reason: string;
  /** At an origin whose horizon has ended, learned from earlier ones alone; null where nothing was learned there. */
  readonly heldOut: ChurnQuality | null;
  readonly seconds: number;
}

/** @param asOf last day that is learned from, in days since 1970-01-01 */
export function fitChurn(part: BuyingPart, asOf: number, horizonDays: number): FittedChurn {
  const began = performance.now();
  const medians = mediansOf(part);
  const churnAt = createChurn(daysOfCustomers(part, medians));
  const model = churnAt({ day: asOf, horizonDays });
  const fit = churnFitOf(model);
  const past = fit === null ? null : churnAt({ day: asOf - horizonDays, horizonDays });
  return {
    kept: fit === null ? null : { fit, medians },
    reason: model.reason,
    heldOut: past === null || past.learned === null ? null : judgeChurn(past),
    seconds: (performance.now() - began) / 1_000,
  };
}
