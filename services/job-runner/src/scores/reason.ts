import type { ChurnScores, ChurnSide } from '@kenal/analytics';

type Words = (of: ChurnScores, row: number, effect: number) => string;

/** What sets a customer's churn apart, as a person says it. `effect` above 0: likelier to buy. */
const WORDS: Readonly<Record<ChurnSide, Words>> = {
  recency: ({ overdue, since }, row, effect) =>
    effect < 0 && overdue[row]! >= 1 ? `overdue ${overdue[row]!.toFixed(1)} ×` : `bought ${daysAgo(since[row]!)}`,
  frequency: ({ x, age }, row) =>
    x[row] === 0 ? 'one purchase only' : `${x[row]! + 1} purchases in ${Math.max(1, Math.round(age[row]! / 7))} weeks`,
  value: (_of, _row, effect) => (effect > 0 ? 'spends much' : 'spends little'),
  breadth: (_of, _row, effect) => (effect > 0 ? 'many orders or pieces a day' : 'few orders or pieces a day'),
  season: (_of, _row, effect) =>
    effect > 0 ? 'bought at this time a year ago' : 'did not buy at this time a year ago',
  age: ({ age }, row) => `a customer for ${Math.max(1, Math.round(age[row]! / 7))} weeks`,
};

const daysAgo = (days: number): string => (days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`);

export function reasonOf(scores: ChurnScores, row: number): { readonly words: string; readonly effect: number } {
  const { side, effect } = scores.reason(row);
  return { words: WORDS[side](scores, row, effect), effect };
}
