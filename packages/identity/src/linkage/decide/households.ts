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

function areMailboxesShared(features: readonly Feature[], { shared }: Pick<Shares, 'shared'>): boolean {
  return features.some(({ comparator }, f) => comparator.group === 'email' && shared[f]! > SHARED_MAILBOX);
}

export function guardOf(features: readonly Feature[], parameters: Pick<Shares, 'shared'>): Guard {
  return createGuard(features, areMailboxesShared(features, parameters));
}

/** Of how many people a pair at some levels is, whatever else agrees. */
export const KINSHIPS = {
  /** One person perhaps. */
  none: 0,
  /** Relatives where there are households, else one person's slip. */
  doubtful: 1,
  /** Two people. */
  strangers: 2,
  /** Two people with one home and family name. */
  relatives: 3,
} as const;
type Kinship = (typeof KINSHIPS)[keyof typeof KINSHIPS];

export type KinshipOf = (levelOf: LevelOf) => Kinship;

/**
 * What estimation takes for two people is what the decision does. Else EM learns from families what one person's records
 * differ in, and everything that tells relatives apart is worth less.
 * @returns the same function for the same kind of file
 */
export function createKinships(features: readonly Feature[]): (parameters: Pick<Shares, 'shared'>) => KinshipOf {
  const known = [false, true].map((mailboxesAreShared): KinshipOf => {
    const guard = createGuard(features, mailboxesAreShared);
    return (levelOf) => {
      const isHome = guard.sharesHome(levelOf);
      if (guard.isSomebodyElse(levelOf)) return isHome ? KINSHIPS.relatives : KINSHIPS.strangers;
      return isHome && guard.isDoubtful(levelOf) ? KINSHIPS.doubtful : KINSHIPS.none;
    };
  });
  return (parameters) => known[Number(areMailboxesShared(features, parameters))]!;
}
