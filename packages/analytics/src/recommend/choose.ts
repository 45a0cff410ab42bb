import { popularityOf } from './demand.ts';
import { type BuyingHistory, buyingHistoryOf, type Later, laterThan, type OrderLines } from './history.ts';
import { judge, type ListQuality } from './judge.ts';
import { createNewScorer, createReorderParts, createShares, noveltyOf, weigh } from './scores.ts';
import {
  DEFAULT_SETTINGS,
  GRID,
  type NewSettings,
  POPULAR_DAYS,
  type RecommendSettings,
  type ReorderSettings,
} from './settings.ts';

/** Days at the end of what may be seen, which settings are chosen on. */
const CHOICE_DAYS = 31;
/** Customers on whom nothing can be chosen, and so many that more would not change the choice. */
const [FEW, ENOUGH] = [30, 1_500];

export interface Chosen {
  readonly settings: RecommendSettings;
  /** Customers whom each was chosen on; null where they were too few, and the settings are those for want of any. */
  readonly chosenOn: { readonly new: number | null; readonly reorder: number | null };
}

/**
 * Choose the settings: rank as of a month before `until`, and take what best foretold that month. Nothing after `until` is seen.
 */
export function chooseSettings(lines: OrderLines, until: number): Chosen {
  const from = until - CHOICE_DAYS;
  const history = buyingHistoryOf(lines, from);
  const month = (onlyNew: boolean): Later => some(laterThan(lines, history, { from, to: until, onlyNew }));
  const [fresh, again] = [month(true), month(false)];
  const [isNew, isReorder] = [fresh.customers.length >= FEW, again.customers.length >= FEW];
  const chosen = isNew ? chooseNew(history, fresh) : DEFAULT_SETTINGS.new;
  const reorder = isReorder ? chooseReorder(history, again, chosen) : DEFAULT_SETTINGS.reorder;
  return {
    settings: { new: chosen, reorder },
    chosenOn: { new: isNew ? fresh.customers.length : null, reorder: isReorder ? again.customers.length : null },
  };
}

/** Every n-th of them. */
function some({ customers, items }: Later): Later {
  const every = Math.max(1, Math.ceil(customers.length / ENOUGH));
  return { customers: customers.filter((_, at) => at % every === 0), items };
}

/** Lists that hit, and the places of the hits, which tell more ways apart. */
const worth = ({ hitRate10, ndcg10 }: ListQuality): number => hitRate10 + ndcg10;

/** One setting after the other, each time with every novelty, which costs nothing. */
function chooseNew(history: BuyingHistory, later: Later): NewSettings {
  const fresh = GRID.novelty.map((novelty) => noveltyOf(history, novelty));
  const shares = new Float64Array(history.items);
  const none: ListQuality = { customers: 0, hitRate10: -1, ndcg10: -1 };
  let best = { settings: DEFAULT_SETTINGS.new, quality: none };
  const attempt = (settings: NewSettings): void => {
    const tell = createShares(history, settings);
    const found = judge(history, later, true, fresh.length, (customer, scores) => {
      tell(customer, shares);
      for (const [way, own] of scores.entries())
        for (let item = 0; item < own.length; item += 1) own[item] = shares[item]! * fresh[way]![item]!;
    });
    for (const [way, quality] of found.entries())
      if (worth(quality) > worth(best.quality))
        best = { settings: { ...settings, novelty: GRID.novelty[way]! }, quality };
  };
  attempt(best.settings);
  for (const name of ['halfLifeDays', 'sharpness', 'size'] as const) {
    const before = best.settings;
    for (const value of GRID[name]) if (value !== before[name]) attempt({ ...before, [name]: value });
  }
  const plain = bestPopular(history, later);
  return isClearlyBetter(best.quality, plain.quality) ? best.settings : plain.settings;
}

function bestPopular(history: BuyingHistory, later: Later): { settings: NewSettings; quality: ListQuality } {
  const popular = POPULAR_DAYS.map((days) => popularityOf(history, days));
  const found = judge(history, later, true, popular.length, (_customer, scores) => {
    for (const [way, own] of scores.entries()) own.set(popular[way]!);
  });
  const way = worth(found[1]!) > worth(found[0]!) ? 1 : 0;
  const settings = { ...DEFAULT_SETTINGS.new, novelty: 0, popularDays: POPULAR_DAYS[way] };
  return { settings, quality: found[way]! };
}

/** Errors of a hit rate: the best of many settings is better than one list by chance, too. */
const CLEARLY = 3;

function isClearlyBetter(one: ListQuality, plain: ListQuality): boolean {
  const error = Math.sqrt((plain.hitRate10 * (1 - plain.hitRate10)) / plain.customers);
  return worth(one) > worth(plain) + CLEARLY * error;
}

function chooseReorder(history: BuyingHistory, later: Later, chosen: NewSettings): ReorderSettings {
  const ways = GRID.demand.flatMap((demand) => GRID.alike.map((alike) => ({ demand, alike })));
  const partsOf = createReorderParts(history, createNewScorer(history, chosen));
  const found = judge(history, later, false, ways.length, (customer, scores) => {
    const parts = partsOf(customer);
    for (const [way, own] of scores.entries()) weigh(parts, ways[way]!, own);
  });
  return ways[found.reduce((best, quality, way) => (worth(quality) > worth(found[best]!) ? way : best), 0)]!;
}
