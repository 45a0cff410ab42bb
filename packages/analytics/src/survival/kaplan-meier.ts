import { momentsOf, type Observed } from './observed.ts';

/** What is known at a time at which events came. */
export interface SurvivalStep {
  /** In the unit of the data. */
  readonly time: number;
  readonly atRisk: number;
  readonly events: number;
  /** Share without the event until then, this time included. */
  readonly survival: number;
  /** Greenwood's standard error of it. */
  readonly error: number;
  /** 95 %; [0, 1] cannot be left. */
  readonly interval: readonly [low: number, high: number];
}

const Z = 1.959963984540054;

/**
 * Survival without a model: S(t) = Π (1 − d/n) over the times with events until t, of n at risk (Kaplan & Meier 1958, JASA 53).
 * Its error is Greenwood's S·√(Σ d/(n(n − d))); the interval is that of ln(−ln S), which stays within 0 and 1
 * (Kalbfleisch & Prentice 1980). Where all are gone the error is 0 and so is the interval.
 * @throws RangeError as {@link momentsOf}
 */
export function kaplanMeier(of: Observed): SurvivalStep[] {
  let [survival, sum] = [1, 0];
  const steps: SurvivalStep[] = [];
  for (const { time, events: rows, atRisk } of momentsOf(of)) {
    const events = rows.length;
    if (events === 0) continue;
    survival *= (atRisk - events) / atRisk;
    sum += events / (atRisk * (atRisk - events));
    const error = survival === 0 ? 0 : survival * Math.sqrt(sum);
    steps.push({ time, atRisk, events, survival, error, interval: intervalOf(survival, sum) });
  }
  return steps;
}

function intervalOf(survival: number, sum: number): readonly [number, number] {
  if (survival === 0) return [0, 0];
  const log = Math.log(survival);
  const reach = Math.exp((Z * Math.sqrt(sum)) / Math.abs(log));
  return [Math.exp(log * reach), Math.exp(log / reach)];
}

/** First time at which no more than half are without the event; null where more than half always are. */
export function medianSurvival(steps: readonly SurvivalStep[]): number | null {
  return steps.find(({ survival }) => survival <= 0.5)?.time ?? null;
}
