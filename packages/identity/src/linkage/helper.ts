import type { LinkageSourcePlan } from '@kenal/contracts';
import { compareInto, featuresOf, type PairRange } from './compare/features.ts';
import { type EncodedSource, encode } from './encode.ts';
import type { Parameters } from './estimate/parameters.ts';
import type { Rates } from './estimate/rates.ts';
import { createFrame, scoreInto } from './frame.ts';
import type { Column } from './table.ts';

/**
 * Works on a part of the pairs at the same time, in another thread: what it finds of a pair is what anybody would, so
 * results do not hang on whether there is one. Tasks are done in order; each returns how to wait until it is done.
 */
export interface Helper {
  encode(plans: readonly LinkageSourcePlan[], columns: readonly Column[], rows: Int32Array): void;
  compare(range: PairRange): () => void;
  score(range: PairRange, parameters: Parameters, rates: readonly Rates[], scores: Float32Array): () => void;
}

/** What the other thread does; each returns when it is done. */
export function createHelperTasks() {
  let sources: readonly EncodedSource[] = [];
  return {
    encode(plans: readonly LinkageSourcePlan[], columns: readonly Column[], rows: Int32Array): void {
      sources = encode(plans, columns, rows);
    },
    compare: (range: PairRange): void => compareInto(featuresOf(sources), sources, range),
    score: (range: PairRange, parameters: Parameters, rates: readonly Rates[], scores: Float32Array): void =>
      scoreInto(createFrame(sources, parameters, rates), range, scores),
  };
}
