import type { RecommendSettings } from '@kenal/analytics';
import type { EncodedRows } from '../thread/rows.ts';
import type { ProductRun } from './columns.ts';
import type { LearntAlsoBought, LearntRecommending, LearntRules } from './learn.ts';

/** What the job asks of the thread; days since 1970-01-01. */
export type Asked =
  /** Lines to learn from. */
  | {
      readonly ask: 'lines';
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly since: number;
      readonly until: number;
      readonly mostCustomers: number;
      readonly soldOut: readonly string[];
    }
  | { readonly ask: 'rules' }
  | { readonly ask: 'alsoBought' }
  | { readonly ask: 'recommending' }
  /** Rows of the next items, or customers; none when all have been. */
  | { readonly ask: 'ruleRows'; readonly run: ProductRun }
  | { readonly ask: 'alsoBoughtRows'; readonly run: ProductRun }
  | { readonly ask: 'nextBestRows'; readonly run: ProductRun; readonly settings: RecommendSettings };

export type Answers = {
  readonly lines: {
    readonly orders: number;
    readonly items: number;
    readonly customers: number;
    /** Those whom something is recommended to. */
    readonly served: number;
  };
  readonly rules: Omit<LearntRules, 'rows'>;
  readonly alsoBought: LearntAlsoBought['facts'];
  readonly recommending: LearntRecommending;
  readonly ruleRows: EncodedRows;
  readonly alsoBoughtRows: EncodedRows;
  readonly nextBestRows: EncodedRows;
};
