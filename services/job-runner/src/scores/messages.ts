import type { EncodedRows } from '../thread/rows.ts';
import type { FittedChurn } from './fit-churn.ts';
import type { DonorRecord, FittedDonors } from './fit-donors.ts';
import type { FittedRepeats } from './fit-repeat.ts';
import type { FittedSpend } from './fit-spend.ts';
import type { ScoreRun } from './score-columns.ts';
import type { ScoreBasis } from './score-part.ts';

/** Rows as the warehouse gave them: RowBinary. */
type Bytes = Uint8Array<ArrayBuffer>;

/** What the job asks of the thread. */
export type Asked =
  | { readonly ask: 'repeat'; readonly now: Bytes; readonly earlier: Bytes; readonly horizonDays: number }
  | { readonly ask: 'spend'; readonly now: Bytes; readonly earlier: Bytes }
  | { readonly ask: 'churn'; readonly rows: Bytes; readonly asOf: number; readonly horizonDays: number }
  | {
      readonly ask: 'donors';
      readonly now: readonly DonorRecord[];
      readonly earlier: readonly DonorRecord[];
      readonly years: number;
    }
  /** What to score by from now on. */
  | { readonly ask: 'basis'; readonly basis: ScoreBasis; readonly run: ScoreRun }
  | { readonly ask: 'score'; readonly rows: Bytes };

export type Answers = {
  readonly repeat: FittedRepeats;
  readonly spend: FittedSpend;
  readonly churn: FittedChurn;
  readonly donors: FittedDonors;
  readonly basis: null;
  readonly score: EncodedRows;
};
