import { digamma, logBeta } from '../numerics/gamma.ts';
import { type Fit, fit, type LogLikelihood, type Parameters } from './fit.ts';

export const SBG_NAMES = ['alpha', 'beta'] as const;
/** At each renewal a customer leaves with a chance of their own, Beta(`alpha`, `beta`) over customers. */
export type SbgParameters = Parameters<(typeof SBG_NAMES)[number]>;

/** A cohort that began together: how many there were, and how many after each renewal. */
export interface Cohort {
  readonly began: number;
  /** After renewal 1, 2, …; never rising. */
  readonly survivors: readonly number[];
}

/** Fit to cohorts, of any lengths: Fader & Hardie 2007, Journal of Interactive Marketing 21(1). @throws RangeError for a cohort that grows */
export function fitSbg(cohorts: readonly Cohort[]): Fit<(typeof SBG_NAMES)[number]> {
  for (const { began, survivors } of cohorts)
    for (const [i, there] of survivors.entries())
      if (!(there >= 0 && there <= (survivors[i - 1] ?? began)))
        throw new RangeError(`a cohort of ${began} has ${there} after renewal ${i + 1}: more than before`);
  return fit({
    names: SBG_NAMES,
    customers: cohorts.reduce((sum, { began }) => sum + began, 0),
    logLikelihood: sbgLogLikelihood(cohorts),
    starts: [
      [1, 2],
      [0.5, 5],
    ],
  });
}

/** Σ left(t) ln P(T = t) + there(n) ln S(n), P(T = t) = B(α + 1, β + t − 1)/B(α, β), S(n) = B(α, β + n)/B(α, β). */
export function sbgLogLikelihood(cohorts: readonly Cohort[]): LogLikelihood {
  return (parameters, gradient) => {
    const [alpha, beta] = parameters as unknown as [number, number];
    const all = logBeta(alpha, beta);
    const [slopeAlpha, slopeBeta, slopeBoth] = [digamma(alpha), digamma(beta), digamma(alpha + beta)];
    let value = 0;
    gradient.fill(0);
    const add = (count: number, a: number, b: number): void => {
      if (count === 0) return;
      const both = digamma(a + b);
      value += count * (logBeta(a, b) - all);
      gradient[0]! += count * (digamma(a) - both - slopeAlpha + slopeBoth);
      gradient[1]! += count * (digamma(b) - both - slopeBeta + slopeBoth);
    };
    for (const { began, survivors } of cohorts) {
      for (const [i, there] of survivors.entries()) add((survivors[i - 1] ?? began) - there, alpha + 1, beta + i);
      add(survivors.at(-1) ?? 0, alpha, beta + survivors.length);
    }
    return value;
  };
}

/** Share of a cohort that is there after `renewals`. */
export const sbgSurvival = ({ alpha, beta }: SbgParameters, renewals: number): number =>
  Math.exp(logBeta(alpha, beta + renewals) - logBeta(alpha, beta));

/** Share of those who are there after `renewals` − 1 that renew once more: (β + t − 1)/(α + β + t − 1), which rises. */
export const sbgRetention = ({ alpha, beta }: SbgParameters, renewals: number): number =>
  (beta + renewals - 1) / (alpha + beta + renewals - 1);
