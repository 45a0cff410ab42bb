import type { PairScore } from '../frame.ts';
import { AGREEMENTS } from './guard.ts';

/** What becomes of a pair: joined, shown to a person, or nothing. */
export const BANDS = { automatic: 'automatic', suggestion: 'suggestion', dropped: 'dropped' } as const;
export type Band = (typeof BANDS)[keyof typeof BANDS];

/** Probability from which on a pair is joined without a person's look. */
export const AUTOMATIC = 0.99;
const SUGGESTED = 0.5;

/** @param score log2 odds */
export function probabilityOf(score: number): number {
  return 1 / (1 + 2 ** -score);
}

/** Never automatic where an identifier differs, where one group of evidence or a household's is all, or where a veto holds. */
export function bandOf({
  score,
  veto,
  agreement,
  conflicts,
}: Pick<PairScore, 'score' | 'veto' | 'agreement' | 'conflicts'>): Band {
  const probability = probabilityOf(score);
  if (probability < SUGGESTED) return BANDS.dropped;
  return probability >= AUTOMATIC && veto === null && agreement === AGREEMENTS.sure && !conflicts
    ? BANDS.automatic
    : BANDS.suggestion;
}
