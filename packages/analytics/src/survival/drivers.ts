import { chiSquareTail } from '../numerics/chi-square.ts';
import { fitCox } from './cox.ts';
import { logRank } from './log-rank.ts';
import type { Observed } from './observed.ts';

/** Something that may go along with how long customers stay. */
export interface Driver {
  readonly name: string;
  /** Of each customer, finite; of a flag 0 or 1. */
  readonly values: Float64Array;
}

export interface DriverEffect {
  readonly name: string;
  /** Customers whose value is not the most frequent one. */
  readonly customers: number;
  /** Events among these. */
  readonly events: number;
  /** How many times the hazard grows with one more of it, the other drivers being equal; null: see `why`. */
  readonly hazardRatio: number | null;
  /** 95 %. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Wald's, of no effect. */
  readonly p: number | null;
  /** Of equal survival of the groups 0, 1, 2, 3 and more above the least value, the other drivers left aside; null of values that are not whole. */
  readonly logRankP: number | null;
  /** Why there is no ratio; '' where there is one. */
  readonly why: string;
}

export interface Drivers {
  readonly customers: number;
  readonly events: number;
  /** In the order of the drivers. */
  readonly effects: readonly DriverEffect[];
  /** How often the one of two who leaves first has the higher hazard; null where nothing was fitted. */
  readonly concordance: number | null;
  /** Why nothing was fitted; '' where it was. */
  readonly why: string;
}

const Z = 1.959963984540054;
/** Events for each driver, below which ratios and intervals go astray (Peduzzi, Concato, Feinstein & Holford 1995, J Clin Epidemiol 48). */
const EVENTS_EACH = 10;
const LEAST_CUSTOMERS = 10;
const LEAST_EVENTS = 5;

/**
 * What goes along with leaving early: one Cox model of all drivers that can be told, beside a log-rank test of each alone. Of observed
 * customers it says what is associated, never what causes it: whoever holds more products may have been the more loyal one before.
 * Values have to be known when the watch begins, or staying makes them (immortal time).
 */
export function driversOf(observed: Observed, drivers: readonly Driver[]): Drivers {
  const customers = observed.time.length;
  const events = eventsOf(observed, () => true);
  const sides = drivers.map(({ values }) => sideOf(values));
  const told = drivers.map((_, j) => whyNot(observed, sides[j]!));
  const used = [...told.keys()].filter((j) => told[j] === '');
  const why = tooFew(events, used.length);
  const cox = why === '' ? fitCox({ ...observed, covariates: used.map((j) => drivers[j]!.values) }) : null;
  const lost = cox !== null && !cox.converged ? 'the model does not converge: a driver separates who leaves' : '';
  const effects = drivers.map(({ name, values }, j): DriverEffect => {
    const place = used.indexOf(j);
    const [slope, error] = [cox?.coefficients[place] ?? null, cox?.standardErrors[place] ?? null];
    const isTold = slope !== null && error !== null;
    return {
      name,
      customers: sides[j]!.reduce((sum, one) => sum + one, 0),
      events: eventsOf(observed, (i) => sides[j]![i] === 1),
      hazardRatio: isTold ? Math.exp(slope) : null,
      interval: isTold ? [Math.exp(slope - Z * error), Math.exp(slope + Z * error)] : null,
      p: isTold ? chiSquareTail((slope / error) ** 2) : null,
      logRankP: logRankOf(observed, values),
      why: told[j] || why || lost || (isTold ? '' : 'it cannot be told from the others'),
    };
  });
  return { customers, events, effects, concordance: cox?.concordance ?? null, why: why || lost };
}

function eventsOf({ event }: Observed, counts: (row: number) => boolean): number {
  let sum = 0;
  for (let i = 0; i < event.length; i += 1) if (counts(i)) sum += event[i]!;
  return sum;
}

/** 1 where a value is not the most frequent one (of equally frequent ones the least). */
function sideOf(values: Float64Array): Uint8Array {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [usual] = [...counts].sort(([one, n], [other, m]) => m - n || one - other)[0] ?? [0];
  return Uint8Array.from(values, (value) => (value === usual ? 0 : 1));
}

function whyNot(observed: Observed, side: Uint8Array): string {
  if (side.length < 2 * LEAST_CUSTOMERS)
    return `${side.length} customers were watched, at least ${2 * LEAST_CUSTOMERS} are needed`;
  const differing = side.reduce((sum, one) => sum + one, 0);
  if (differing === 0) return 'it is the same for all';
  const least = Math.min(differing, side.length - differing);
  if (least < LEAST_CUSTOMERS) return `only ${least} customers differ in it, at least ${LEAST_CUSTOMERS} are needed`;
  const events = Math.min(
    eventsOf(observed, (i) => side[i] === 1),
    eventsOf(observed, (i) => side[i] === 0),
  );
  return events < LEAST_EVENTS ? `only ${events} events on one side of it, at least ${LEAST_EVENTS} are needed` : '';
}

function tooFew(events: number, drivers: number): string {
  if (drivers === 0) return 'no driver can be told';
  const needed = EVENTS_EACH * drivers;
  return events < needed ? `${events} events for ${drivers} drivers, at least ${needed} are needed` : '';
}

function logRankOf(observed: Observed, values: Float64Array): number | null {
  if (values.some((value) => !Number.isInteger(value))) return null;
  const least = values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  return (
    logRank(
      observed,
      values.map((value) => Math.min(3, value - least)),
    )?.p ?? null
  );
}
