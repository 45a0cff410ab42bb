import { chiSquareTail } from '../numerics/chi-square.ts';

/** In how many baskets a rule `left ⇒ right` was looked for and found. */
export interface RuleCounts {
  readonly baskets: number;
  readonly left: number;
  readonly right: number;
  readonly both: number;
}

/** How two sides of a rule belong together. Shares are of 1. Formulas with n baskets, x with left, y with right, b with both. */
export interface Measures {
  /** b / n. */
  readonly support: number;
  /** b / x: of those with the left side, how many have the right one too. */
  readonly confidence: number;
  /** b n / (x y): 1 where neither says anything of the other. Brin et al. 1997. */
  readonly lift: number;
  /** b/n − x y / n²: what is more than chance would give. Piatetsky-Shapiro 1991. */
  readonly leverage: number;
  /** (1 − y/n) / (1 − b/x): how much oftener the rule would be wrong by chance; null where it is never wrong (infinite). Brin et al. 1997. */
  readonly conviction: number | null;
  /** Says that `conviction` is null for being infinite. */
  readonly convictionInfinite: boolean;
  /** b / (x + y − b). */
  readonly jaccard: number;
  /** b / √(x y). */
  readonly cosine: number;
  /** Pearson's χ² of the table left × right, one degree of freedom, not corrected; 0 where all or none have a side. */
  readonly chiSquare: number;
  /** Chance of such a χ² or a higher one where the sides are independent. With thousands of rules many are low by chance. */
  readonly p: number;
}

/** Measures of a rule. `left` and `right` are above 0; an empty left side is in all baskets. */
export function measuresOf({ baskets: n, left: x, right: y, both: b }: RuleCounts): Measures {
  const neverWrong = b === x;
  const margins = x * (n - x) * (y * (n - y));
  const apart = b * n - x * y;
  const chiSquare = margins === 0 ? 0 : ((apart * apart) / margins) * n;
  return {
    support: b / n,
    confidence: b / x,
    lift: (b * n) / (x * y),
    leverage: apart / (n * n),
    // A right side that all have is right by chance too
    conviction: y === n ? 1 : neverWrong ? null : (1 - y / n) / (1 - b / x),
    convictionInfinite: neverWrong && y < n,
    jaccard: b / (x + y - b),
    cosine: b / Math.sqrt(x * y),
    chiSquare,
    p: chiSquareTail(chiSquare),
  };
}
