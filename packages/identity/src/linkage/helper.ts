import type { LinkageSourcePlan } from '@kenal/contracts';
import { compareInto, featuresOf, type PairRange } from './compare/features.ts';
import { type EncodedSource, encode } from './encode.ts';
import type { Parameters } from './estimate/parameters.ts';
import type { Rates } from './estimate/rates.ts';
import { createFrame, scoreInto } from './frame.ts';
import type { Column } from './table.ts';

/** A part of a linkage that another thread can do at the same time. All its arrays are in shared memory. */
export type HelperTask =
  | {
      readonly task: 'encode';
      readonly plans: readonly LinkageSourcePlan[];
      readonly columns: readonly Column[];
      readonly rows: Int32Array;
    }
  | { readonly task: 'compare'; readonly range: PairRange }
  | {
      readonly task: 'score';
      readonly range: PairRange;
      readonly parameters: Parameters;
      readonly rates: readonly Rates[];
      readonly scores: Float32Array;
    };

/**
 * Does tasks in another thread, in the order in which they are given. What it finds of a pair is what anybody would, so
 * no result hangs on whether there is one.
 */
export interface Helper {
  /** @returns waits until the task, and all before it, are done */
  begin(task: HelperTask): () => void;
}

/** What the other thread does with a task. */
export function createHelperTasks(): (task: HelperTask) => void {
  let sources: readonly EncodedSource[] = [];
  return (given) => {
    switch (given.task) {
      case 'encode':
        sources = encode(given.plans, given.columns, given.rows);
        break;
      case 'compare':
        compareInto(featuresOf(sources), sources, given.range);
        break;
      case 'score':
        scoreInto(createFrame(sources, given.parameters, given.rates), given.range, given.scores);
    }
  };
}
