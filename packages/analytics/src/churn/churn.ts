import type { BuyingDays } from '../purchases/buying-days.ts';
import type { CustomerHistories } from '../purchases/history.ts';
import { chancesOf, type Learned, learn } from './learn.ts';
import { modelOutputsOf } from './model-outputs.ts';
import { earlierOrigins, splitsOf } from './origins.ts';
import { chanceOf } from './quality.ts';
import { fitGround, type GroundParameters, type Origin, type Snapshot, snapshotOf } from './snapshot.ts';

/** Who buys within the horizon of an origin, learned from earlier origins alone. */
export interface ChurnModel {
  /** Everybody who had begun by the origin. */
  readonly now: Snapshot;
  /** What models of repeat buying say of all at the origin. */
  readonly ground: GroundParameters;
  /** Chance of a purchase within the horizon of each row of `now`. */
  readonly chances: Float64Array;
  /** null where the past is too little to learn from: then chances are those of the model of repeat buying alone. */
  readonly learned: Learned | null;
  /** What was learned from; each horizon ended by the origin. */
  readonly earlier: readonly Origin[];
  /** Why nothing was learned, in a sentence; empty where it was. */
  readonly reason: string;
}

/** Of all earlier origins together; more teach a regression of some thirty features nothing. */
const MOST_ROWS = 60_000;
const LEAST_OF_EACH = 30;

/** @returns churn at any origin; what was fitted to a day is kept for the next */
export function createChurn(days: BuyingDays): (origin: Origin) => ChurnModel {
  const first = days.day.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  const known = new Map<number, GroundParameters>();
  const groundOf = (day: number) => (histories: CustomerHistories) => {
    const found = known.get(day) ?? fitGround(histories);
    known.set(day, found);
    return { models: modelOutputsOf(found), usualGap: found.usualGap };
  };
  const look = (origin: Origin, every = 1): Snapshot => snapshotOf(days, origin, groundOf(origin.day), every);
  return (origin) => {
    const now = look(origin);
    const ground = known.get(origin.day)!;
    const alone = (reason: string): ChurnModel => {
      return { now, ground, chances: now.told.map(chanceOf), learned: null, earlier: [], reason };
    };
    const earlier = earlierOrigins(first, origin);
    if (earlier.length === 0)
      return alone(
        `there are ${origin.day - first} days before the origin, and 56 are needed to learn from earlier ones`,
      );
    const every = Math.ceil((now.bought.length * earlier.length) / MOST_ROWS);
    const past = earlier.map((one) => look(one, every));
    const few = fewest(past);
    if (few.count < LEAST_OF_EACH)
      return alone(
        `at earlier origins only ${few.count} customers ${few.bought ? 'bought' : 'did not buy'} within the horizon, and ${LEAST_OF_EACH} are needed to learn from`,
      );
    const splits = splitsOf(earlier, origin.horizonDays).map(({ train, test }) => {
      return { train: train.map((one) => look(one, every)), test: look(test, every) };
    });
    const telling = splits.filter(
      ({ train, test }) => Math.min(fewest(train).count, fewest([test]).count) >= LEAST_OF_EACH,
    );
    const learned = learn(past, telling);
    return { now, ground, chances: chancesOf(learned, now), learned, earlier, reason: '' };
  };
}

/** The rarer of the two outcomes, and how many customers had it, whom several origins show several times. */
function fewest(snapshots: readonly Snapshot[]): { bought: boolean; count: number } {
  const [yes, no] = [new Set<number>(), new Set<number>()];
  for (const { bought, customer } of snapshots)
    for (const [row, one] of bought.entries()) (one === 1 ? yes : no).add(customer[row]!);
  return { bought: yes.size <= no.size, count: Math.min(yes.size, no.size) };
}
