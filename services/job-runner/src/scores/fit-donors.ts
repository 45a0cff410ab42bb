import { bgBbAlive, bgBbExpectation, fitBgBb, type Occasions } from '@kenal/analytics';
import { type FitNumbers, numbersOf } from './fit-repeat.ts';

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
  readonly seconds: number;
}

/** Records are longer by a year after New Year. */
const MORE_YEARS = 2;

/** Every record that there can be by the longest one, so that a donor whose record changes is told of at once. */
export function fitDonors(rows: readonly Occasions[]): FittedDonors {
  const began = performance.now();
  const fit = numbersOf(fitBgBb(rows));
  const parameters = fit.parameters as Parameters<typeof bgBbAlive>[0];
  const longest = rows.reduce((most, { periods }) => Math.max(most, periods), 0) + MORE_YEARS;
  const cells: DonorCell[] = [];
  for (let periods = 0; periods <= longest; periods += 1)
    for (let recency = 0; recency <= periods; recency += 1)
      for (let x = Math.min(1, recency); x <= recency; x += 1) {
        const record = { x, recency, periods };
        const expect = (years: number): number => bgBbExpectation(parameters, record, years);
        const expected = { expected_1: expect(1), expected_3: expect(3), expected_5: expect(5) };
        cells.push({ ...record, p_alive: bgBbAlive(parameters, record), ...expected });
      }
  return { fit, cells, seconds: (performance.now() - began) / 1_000 };
}
