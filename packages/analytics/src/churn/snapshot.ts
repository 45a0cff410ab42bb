import type { BuyingDays } from '../purchases/buying-days.ts';
import { WEEK } from '../purchases/cells.ts';
import type { Standing } from '../purchases/history.ts';
import { type CustomerHistories, historiesOf } from '../purchases/history.ts';
import { fitOutputs, type ModelOutputs, type OutputParameters } from './model-outputs.ts';
import { logit } from './quality.ts';
import { type Rhythm, rhythmOf } from './rhythm.ts';

/** A day and how far is looked after it. */
export interface Origin {
  /** The last day that anything is known of. */
  readonly day: number;
  readonly horizonDays: number;
}

/** What is known of each customer at an origin, and who bought within its horizon: parallel columns, a row a customer. */
export interface Snapshot {
  readonly origin: Origin;
  /** Index of the customer in the buying days. */
  readonly customer: Int32Array;
  /** Days since the last purchase. */
  readonly since: Float64Array;
  /** Days since the last purchase over the own gap, drawn to that of all: above 1 the next one is late. */
  readonly overdue: Float64Array;
  /** Buying days after the first. */
  readonly x: Int32Array;
  /** Days since the first. */
  readonly age: Int32Array;
  /** Columns in the order of {@link CHURN_FEATURES}, finite. */
  readonly features: readonly Float64Array[];
  /** Log-odds of a purchase in the horizon as models of repeat buying say: the mean of three. */
  readonly told: Float64Array;
  /** 1 where a buying day lies in the horizon. */
  readonly bought: Float64Array;
}

/** What is known of all customers at an origin, as numbers that can be kept. */
export interface GroundParameters extends OutputParameters {
  /** Mean gap of all, in days. */
  readonly usualGap: number;
}

/** The same, ready to be asked. */
export interface Ground {
  readonly models: ModelOutputs;
  readonly usualGap: number;
}

/** @throws RangeError where there is nobody */
export function fitGround(histories: CustomerHistories): GroundParameters {
  return { ...fitOutputs(histories), usualGap: usualGap(histories) };
}

/** A customer at an origin. */
interface Known {
  readonly standing: Standing;
  readonly since: number;
  readonly rhythm: Rhythm;
  readonly seen: Seen;
  readonly origin: Origin;
  readonly models: ModelOutputs;
}

/**
 * What a customer is judged by. Recency, frequency and value, the recent counted more; rhythm; breadth of baskets; what the
 * models say; the horizon, for pooled origins have several. Logarithms where shares matter.
 */
const FEATURES: Readonly<Record<string, (of: Known) => number>> = {
  activeModified: ({ models, standing, origin }) => logit(models.modified(standing, origin.horizonDays / WEEK)),
  activePareto: ({ models, standing, origin }) => logit(models.pareto(standing, origin.horizonDays / WEEK)),
  activeStaying: ({ models, standing, origin }) => logit(models.staying(standing, origin.horizonDays / WEEK)),
  expected: ({ models, standing, origin }) => Math.log(models.expected(standing, origin.horizonDays / WEEK) + 1e-6),
  since: ({ since }) => Math.log1p(since),
  sinceRoot: ({ since }) => Math.sqrt(since),
  sinceShare: ({ since, standing }) => (since + 1) / (standing.age * WEEK + 7),
  sinceByHorizon: ({ since, origin }) => Math.log1p(since) * Math.log(origin.horizonDays / 100),
  recentByHorizon: ({ seen, origin }) => Math.log(seen.recentDays + 0.01) * Math.log(origin.horizonDays / 100),
  repeats: ({ standing }) => Math.log1p(standing.x),
  once: ({ standing }) => (standing.x === 0 ? 1 : 0),
  pace: ({ standing }) => Math.log((standing.x + 1.5) / (standing.age * WEEK + 60)),
  month: ({ seen }) => Math.log1p(seen.month),
  quarter: ({ seen }) => Math.log1p(seen.quarter),
  recentDays: ({ seen }) => Math.log(seen.recentDays + 0.01),
  recentValue: ({ seen }) => Math.log(seen.recentValue + 0.02),
  lastingValue: ({ seen }) => Math.log(seen.lastingValue + 0.02),
  value: ({ seen }) => signedLog(seen.value),
  meanValue: ({ seen, standing }) => signedLog(seen.value / (standing.x + 1)),
  lines: ({ seen }) => Math.log(seen.lines),
  meanLines: ({ seen, standing }) => Math.log(seen.lines / (standing.x + 1)),
  lastLines: ({ seen }) => Math.log(seen.lastLines),
  pieces: ({ seen }) => seen.logUnits / seen.lines,
  age: ({ standing }) => Math.log1p(standing.age * WEEK),
  gap: ({ rhythm }) => Math.log(rhythm.gap),
  overdue: ({ rhythm }) => Math.log(rhythm.overdue + 0.02),
  variation: ({ rhythm }) => rhythm.variation,
  yearAgo: ({ seen }) => Math.log1p(seen.yearAgo),
  horizon: ({ origin }) => Math.log(origin.horizonDays),
};
export const CHURN_FEATURES = Object.keys(FEATURES);

/** Amounts may be refunds in the files of others. */
const signedLog = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value));

/**
 * @param groundOf what is learned of all customers on the day of the origin
 * @param every only each n-th customer has a row
 */
export function snapshotOf(
  days: BuyingDays,
  origin: Origin,
  groundOf: (of: CustomerHistories) => Ground,
  every = 1,
): Snapshot {
  const histories = historiesOf(days, origin.day, origin.horizonDays);
  const { models, usualGap: usual } = groundOf(histories);
  const rows = Math.ceil(histories.x.length / every);
  const column = (): Float64Array => new Float64Array(rows);
  const features = CHURN_FEATURES.map(column);
  const whole = (): Int32Array => new Int32Array(rows);
  const of = { customer: whole(), x: whole(), age: whole(), since: column(), overdue: column() };
  const [told, bought] = [column(), column()];
  const readers = Object.values(FEATURES);
  for (let row = 0; row < rows; row += 1) {
    const at = row * every;
    const [x, recency, age] = [histories.x[at]!, histories.recency[at]!, histories.age[at]!];
    const seen = seenOf(days, histories.customer[at]!, x + 1, origin);
    const standing = { x, recency: recency / WEEK, age: age / WEEK };
    const rhythm = rhythmOf(seen.gaps, age - recency, usual);
    const known = { standing, since: age - recency, rhythm, seen, origin, models };
    for (let j = 0; j < readers.length; j += 1) features[j]![row] = readers[j]!(known);
    [of.customer[row], of.x[row], of.age[row]] = [histories.customer[at]!, x, age];
    [of.since[row], of.overdue[row]] = [age - recency, rhythm.overdue];
    told[row] = (features[0]![row]! + features[1]![row]! + features[2]![row]!) / 3;
    bought[row] = histories.later[at]! > 0 ? 1 : 0;
  }
  return { origin, ...of, features, told, bought };
}

/** Mean gap of all, in days; a month where nobody has bought again. */
function usualGap({ x, recency }: CustomerHistories): number {
  let [gaps, days] = [0, 0];
  for (let row = 0; row < x.length; row += 1) {
    gaps += x[row]!;
    days += recency[row]!;
  }
  return gaps === 0 ? 30 : days / gaps;
}

/** What a customer's buying days held until an origin. */
interface Seen {
  readonly gaps: readonly number[];
  readonly value: number;
  readonly lines: number;
  /** Sum over lines of the logarithm of pieces. */
  readonly logUnits: number;
  readonly lastLines: number;
  /** Buying days of the last 30, and the last 90 days. */
  readonly month: number;
  readonly quarter: number;
  /** Buying days, each counting e^(−days since/90). */
  readonly recentDays: number;
  /** Logarithms of what they brought, each counting e^(−days since/60), and /180. */
  readonly recentValue: number;
  readonly lastingValue: number;
  /** Buying days within the horizon as it was a year before. */
  readonly yearAgo: number;
}

function seenOf(days: BuyingDays, customer: number, count: number, { day, horizonDays }: Origin): Seen {
  const from = days.starts[customer]!;
  const gaps: number[] = [];
  let [value, lines, logUnits, month, quarter, yearAgo] = [0, 0, 0, 0, 0, 0];
  let [recentDays, recentValue, lastingValue] = [0, 0, 0];
  for (let at = from; at < from + count; at += 1) {
    const ago = day - days.day[at]!;
    const worth = Math.log1p(Math.max(0, days.value[at]!));
    value += days.value[at]!;
    lines += days.lines[at]!;
    logUnits += days.logUnits[at]!;
    month += ago < 30 ? 1 : 0;
    quarter += ago < 90 ? 1 : 0;
    yearAgo += ago < 365 && ago >= 365 - horizonDays ? 1 : 0;
    recentDays += Math.exp(-ago / 90);
    recentValue += worth * Math.exp(-ago / 60);
    lastingValue += worth * Math.exp(-ago / 180);
    if (at > from) gaps.push(days.day[at]! - days.day[at - 1]!);
  }
  const lastLines = days.lines[from + count - 1]!;
  return { gaps, value, lines, logUnits, lastLines, month, quarter, recentDays, recentValue, lastingValue, yearAgo };
}
