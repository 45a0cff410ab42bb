import type { LinkageSourcePlan } from '@kenal/contracts';
import { compareInto, featuresOf, type PairRange } from './compare/features.ts';
import { type EncodedData, type EncodedSource, encodeSource, openSource } from './encode.ts';
import type { Parameters } from './estimate/parameters.ts';
import type { Rates } from './estimate/rates.ts';
import { createSource } from './fields/source.ts';
import { createFrame, scoreInto } from './frame.ts';
import type { Column } from './table.ts';

/** Records, and the sources that the other thread is to read of them. */
export interface EncodeTask {
  readonly plans: readonly LinkageSourcePlan[];
  readonly columns: readonly Column[];
  readonly rows: Int32Array;
  readonly which: readonly number[];
}

export interface ScoreTask {
  readonly range: PairRange;
  readonly parameters: Parameters;
  readonly rates: readonly Rates[];
  readonly scores: Float32Array;
}

/**
 * Does a part of a linkage in another thread, in the order in which it is told to; all arrays are in shared memory. What
 * it finds is what anybody would, so no result hangs on whether there is one. Each verb returns a function that waits
 * until the task, and all before it, are done.
 */
export interface Helper {
  /** Read some sources. @returns what was read, in the order of `which` */
  encode(task: EncodeTask): () => readonly EncodedData[];
  /** Hear of all sources, those of the others among them. */
  meet(encoded: readonly EncodedData[]): () => void;
  /** Compare the sources that it has read. */
  compare(pairs: readonly PairRange[]): () => void;
  score(task: ScoreTask): () => void;
}

/** What the other thread does: the verbs of `Helper`, at once. */
export function createHelperTasks() {
  let given: EncodeTask | undefined;
  let features = featuresOf([]);
  const own = new Map<number, EncodedSource>();
  let sources: readonly EncodedSource[] = [];
  return {
    encode(task: EncodeTask): readonly EncodedData[] {
      given = task;
      features = featuresOf(task.plans.map(createSource));
      own.clear();
      return task.which.map((source) => {
        const encoded = encodeSource(task.plans[source]!, task.columns, task.rows);
        own.set(source, encoded);
        return { codes: encoded.codes, rows: encoded.rows, keys: encoded.keys };
      });
    },
    meet(encoded: readonly EncodedData[]): void {
      sources = encoded.map((data, i) => own.get(i) ?? openSource(given!.plans[i]!, given!.columns, data));
    },
    compare(pairs: readonly PairRange[]): void {
      for (const [source, encoded] of own) compareInto(features, source, encoded, pairs);
    },
    score({ range, parameters, rates, scores }: ScoreTask): void {
      scoreInto(createFrame(sources, parameters, rates), range, scores);
    },
  };
}
