/** How a customer's buying days follow each other; days. */
export interface Rhythm {
  /** Own mean gap, shrunk to that of all. */
  readonly gap: number;
  /** Own median gap, shrunk likewise. */
  readonly median: number;
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
  const shrunk = (own: number): number => (gaps.length * own + PRIOR_GAPS * usual) / (gaps.length + PRIOR_GAPS);
  const gap = shrunk(gaps.length === 0 ? usual : gaps.reduce((sum, one) => sum + one, 0) / gaps.length);
  const spread = gaps.reduce((sum, one) => sum + (one / gap - 1) ** 2, 0);
  return {
    gap,
    median: shrunk(gaps.length === 0 ? usual : medianOf(gaps)),
    variation: Math.sqrt((spread + PRIOR_GAPS) / (gaps.length + PRIOR_GAPS)),
    overdue: since / gap,
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const [low, high] = [(sorted.length - 1) >> 1, sorted.length >> 1];
  return (sorted[low]! + sorted[high]!) / 2;
}
