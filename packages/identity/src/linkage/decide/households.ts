import type { Feature } from '../compare/features.ts';
import type { Parameters } from '../estimate/parameters.ts';
import { createGuard, type Guard, type LevelOf } from './guard.ts';

/** Share of the pairs of one household, to those of one person, from which on a file has households. */
const FEW_HOUSEHOLDS = 1 / 8;
/** Records below which the absence of households proves nothing. */
const TOO_SMALL_TO_TELL = 500;
/** How often two of one household have one e-mail address, from which on it proves the household, not the person. */
const SHARED_MAILBOX = 0.15;

type Shares = Pick<Parameters, 'prior' | 'household' | 'shared'>;

/** Twins, fathers and sons are to be reckoned with where people live together; elsewhere the same is one person's slip. */
export function haveHouseholds(
  features: readonly Feature[],
  { prior, household }: Pick<Shares, 'prior' | 'household'>,
  records: number,
): boolean {
  if (!features.some(({ comparator: { isHome, group } }) => isHome === true || group === 'email')) return false;
  return records < TOO_SMALL_TO_TELL || household > prior * FEW_HOUSEHOLDS;
}

export function guardOf(features: readonly Feature[], { shared }: Pick<Shares, 'shared'>): Guard {
  return createGuard(
    features,
    features.some(({ comparator }, f) => comparator.group === 'email' && shared[f]! > SHARED_MAILBOX),
  );
}

/** Whether a pair at these levels is never of one person, whatever else agrees. */
export type IsApart = (levelOf: LevelOf) => boolean;

/**
 * What estimation takes for two people is what the decision does. Else EM learns from families what one person's records
 * differ in, and everything that tells relatives apart is worth less.
 */
export function createApart(features: readonly Feature[], records: number): (shares: Shares) => IsApart {
  const judges = new Map<string, IsApart>();
  return (shares) => {
    const areShown = haveHouseholds(features, shares, records);
    const guard = guardOf(features, shares);
    const key = `${areShown}/${guard.mailboxesAreShared}`;
    let judge = judges.get(key);
    if (judge === undefined) {
      judge = areShown ? (levelOf) => guard.veto(levelOf) !== null : guard.isSomebodyElse;
      judges.set(key, judge);
    }
    return judge;
  };
}
