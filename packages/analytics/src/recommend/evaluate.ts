import { type Chosen, chooseSettings } from './choose.ts';
import { popularityOf } from './demand.ts';
import { buyingHistoryOf, laterThan, type OrderLines } from './history.ts';
import { judge, type ListQuality } from './judge.ts';
import { createNewScorer, createReorderParts, weigh } from './scores.ts';

/** A list for each customer beside lists that are the same for everybody. */
export interface Judged extends ListQuality {
  /** Hit rate of the items that most customers bought. */
  readonly popularity: number;
  /** Hit rate of the items that most customers bought in the last 60 days. */
  readonly recentPopularity: number;
}

export interface RecommendEvaluation extends Chosen {
  /** Customers who bought an item afterwards that was new to them; what they had is in no list. */
  readonly new: Judged;
  /** Customers who bought any item afterwards; nothing is left out of the lists. */
  readonly reorder: Judged;
}

const RECENT_DAYS = 60;

/**
 * Recommend as of the end of `until`, and compare with what was bought afterwards. Customers and items are those that were
 * known by then. Settings are chosen before it ({@link chooseSettings}).
 * @param until last day that is learned from
 */
export function evaluateRecommendations(lines: OrderLines, until: number): RecommendEvaluation {
  const chosen = chooseSettings(lines, until);
  const { settings } = chosen;
  const history = buyingHistoryOf(lines, until);
  const isNew = createNewScorer(history, settings.new);
  const partsOf = createReorderParts(history, isNew);
  const popular = [popularityOf(history), popularityOf(history, RECENT_DAYS)];
  const hold = (onlyNew: boolean, score: (customer: number, scores: Float64Array) => void): Judged => {
    const later = laterThan(lines, history, { from: until, to: Number.POSITIVE_INFINITY, onlyNew });
    const [own, all, recent] = judge(history, later, onlyNew, 3, (customer, scores) => {
      score(customer, scores[0]!);
      for (const [way, popularity] of popular.entries()) scores[way + 1]!.set(popularity);
    });
    return { ...own!, popularity: all!.hitRate10, recentPopularity: recent!.hitRate10 };
  };
  return {
    new: hold(true, isNew),
    reorder: hold(false, (customer, scores) => weigh(partsOf(customer), settings.reorder, scores)),
    ...chosen,
  };
}
