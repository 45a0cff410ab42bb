/** How a customer's buying days follow each other; days. */
export interface Rhythm {
  /** Own mean gap, shrunk to that of all. */
  readonly gap: number;
  /** Spread of own gaps over the shrunk one; 1, as of chance, where they are few. */
  readonly variation: number;
  /** Days since the last purchase over the shrunk gap: above 1 the next one is late. */
  readonly overdue: number;
}

/** How many gaps of all stand beside a customer's own. */
const PRIOR_GAPS = 1;

/**
 * @param gaps days between own buying days, in any order
 * @param since days since the last one
 * @param usual mean gap of all customers, above 0
 */
export function rhythmOf(gaps: readonly number[], since: number, usual: number): Rhythm {
  const own = gaps.length === 0 ? usual : gaps.reduce((sum, one) => sum + one, 0) / gaps.length;
  const gap = (gaps.length * own + PRIOR_GAPS * usual) / (gaps.length + PRIOR_GAPS);
  const spread = gaps.reduce((sum, one) => sum + (one / gap - 1) ** 2, 0);
  return {
    gap,
    variation: Math.sqrt((spread + PRIOR_GAPS) / (gaps.length + PRIOR_GAPS)),
    overdue: since / gap,
  };
}
