import {
  type BgBbParameters,
  bgBbAlive,
  bgBbExpectation,
  compare,
  fitBgBb,
  type Holdout,
  type Occasions,
} from '@kenal/analytics';
import { type FitNumbers, numbersOf } from './fit-repeat.ts';

/** Donors with equal records, and in how many of the years after it they gave. */
export interface DonorRecord extends Occasions {
  readonly later: number;
}

/** What to expect of donors with equal records. */
export interface DonorCell {
  readonly x: number;
  readonly recency: number;
  readonly periods: number;
  readonly p_alive: number;
  readonly expected_1: number;
  readonly expected_3: number;
  readonly expected_5: number;
}

export interface FittedDonors {
  readonly fit: FitNumbers;
  readonly cells: readonly DonorCell[];
  readonly heldOut: Holdout | null;
  readonly seconds: number;
}

/** Records are longer by a year after New Year. */
const MORE_YEARS = 2;

/**
 * Every record that there can be by the longest one has its cell, so that a donor whose record changes is told of at once.
 * @param earlier records of an earlier year's end, held against the `years` after it
 */
export function fitDonors(now: readonly DonorRecord[], earlier: readonly DonorRecord[], years: number): FittedDonors {
  const began = performance.now();
  const { parameters, ...fit } = fitBgBb(now);
  const longest = now.reduce((most, { periods }) => Math.max(most, periods), 0) + MORE_YEARS;
  const cells: DonorCell[] = [];
  for (let periods = 0; periods <= longest; periods += 1)
    for (let recency = 0; recency <= periods; recency += 1)
      for (let x = Math.min(1, recency); x <= recency; x += 1) cells.push(cellOf(parameters, { x, recency, periods }));
  const numbers = numbersOf({ ...fit, parameters });
  return { fit: numbers, cells, heldOut: hold(earlier, years), seconds: (performance.now() - began) / 1_000 };
}

function cellOf(parameters: BgBbParameters, record: Omit<Occasions, 'weight'>): DonorCell {
  const expect = (years: number): number => bgBbExpectation(parameters, record, years);
  const expected = { expected_1: expect(1), expected_3: expect(3), expected_5: expect(5) };
  return { ...record, p_alive: bgBbAlive(parameters, record), ...expected };
}

function hold(earlier: readonly DonorRecord[], years: number): Holdout | null {
  if (!earlier.some(({ periods }) => periods > 0)) return null;
  const { parameters } = fitBgBb(earlier);
  return compare(
    earlier.map(({ later }) => later),
    earlier.map((record) => bgBbExpectation(parameters, record, years)),
    earlier.map(({ weight }) => weight),
  );
}
