import type { AlikeSettings } from './alike.ts';

/** How products that are new to a customer are ranked. */
export interface NewSettings extends AlikeSettings {
  /** How much sooner an item is named that nobody knew for long: score · (days since its first sale + 10)^−novelty. */
  readonly novelty: number;
  /** Above 0: what most customers bought in so many days, the same for everybody; all else is without effect then. */
  readonly popularDays: number;
}

/** How what to reorder is ranked; powers of three factors, the first of them the customer's own orders of it. */
export interface ReorderSettings {
  /** Power of what everybody buys of it these days. */
  readonly demand: number;
  /** Power of what customers alike buy of it these days. */
  readonly alike: number;
}

export interface RecommendSettings {
  readonly new: NewSettings;
  readonly reorder: ReorderSettings;
}

/** Where too little is known to choose. */
export const DEFAULT_SETTINGS: RecommendSettings = {
  new: { halfLifeDays: 14, sharpness: 2, size: 0.65, novelty: 0.15, popularDays: 0 },
  reorder: { demand: 0.2, alike: 0.1 },
};

/** Where customers alike foretell nothing: what all buy, ever and these days. */
export const POPULAR_DAYS = [100_000, 60] as const;

/** What is tried. */
export const GRID = {
  halfLifeDays: [7, 14, 30, 60],
  sharpness: [1, 2, 3],
  size: [0.5, 0.65, 0.8],
  novelty: [0, 0.15, 0.3],
  demand: [0, 0.1, 0.2, 0.4, 4],
  alike: [0, 0.1, 0.2],
} as const;
