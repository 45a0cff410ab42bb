import type { Origin } from './snapshot.ts';

const MOST_ORIGINS = 8;
const LEAST_PAST = 14;
const ENOUGH = 60;
const OLDEST = 730;

/**
 * Earlier origins to learn from, oldest first: spread over the past (of the last two years, where it is longer), each with as
 * long a horizon as ended by `origin.day`, at most the one that is asked for. Overlapping horizons are many looks at the same
 * people; they add what a single look of the right length could not show.
 * @param first day of the first purchase
 * @returns nothing where the past is shorter than eight weeks
 */
export function earlierOrigins(first: number, { day, horizonDays }: Origin): Origin[] {
  const quarter = Math.floor(Math.min(ENOUGH, (day - first) / 4));
  if (quarter < LEAST_PAST) return [];
  const from = Math.max(first + quarter, day - OLDEST);
  const to = day - Math.min(quarter, horizonDays);
  const step = Math.max(LEAST_PAST / 2, (to - from) / (MOST_ORIGINS - 1));
  const found: Origin[] = [];
  for (let back = 0; back < MOST_ORIGINS && to - back * step >= from; back += 1)
    found.unshift(ended(Math.round(to - back * step), day, horizonDays));
  return found;
}

const ended = (day: number, by: number, horizonDays: number): Origin => {
  return { day, horizonDays: Math.min(horizonDays, by - day) };
};

/** Earlier origins, and a later one that they are held against; all of it within the past. */
export interface Split {
  readonly train: readonly Origin[];
  readonly test: Origin;
}

const MOST_SPLITS = 4;
const LEAST_TRAIN = 2;

/** Splits within the past, the latest first: an earlier origin against those before it, whose horizons end by then. */
export function splitsOf(earlier: readonly Origin[], horizonDays: number): Split[] {
  const splits: Split[] = [];
  for (let at = earlier.length - 1; at > 0 && splits.length < MOST_SPLITS; at -= 1) {
    const test = earlier[at]!;
    const least = Math.min(test.horizonDays, horizonDays) / 2;
    const train = earlier
      .filter(({ day }) => test.day - day >= least)
      .map(({ day }) => ended(day, test.day, horizonDays));
    if (train.length >= LEAST_TRAIN) splits.push({ train, test });
  }
  return splits;
}
