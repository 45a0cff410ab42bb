import { type Column, evaluate, type Helper, linkRecords, type Quality } from '@kenal/identity/linkage';
import type { People } from './people.ts';

/** What an evaluation found; the figures of quality only where the mapping names the truth. */
export interface Evaluation extends Partial<Quality> {
  readonly records: number;
  readonly clusters: number;
  /** Records of the largest cluster. */
  readonly largest: number;
}

export interface EvaluationResult {
  readonly evaluation: Evaluation;
  /** By record, numbered from 1 in the order of their first records. */
  readonly clusterOf: Int32Array;
  /** Blocks of candidates that were too large to be compared, and records in them. */
  readonly dropped: { readonly blocks: number; readonly records: number };
}

/** Two runs of one command give one answer. */
const SEED = 1;

/** Cluster people without looking at the truth, then hold the clusters against it. */
export function runEvaluate(
  { size, columns, truth }: Pick<People, 'size' | 'truth'> & { readonly columns: readonly Column[] },
  onStep: (step: string) => void,
  helper?: Helper,
): EvaluationResult {
  const { clusters, model } = linkRecords(columns, size, { seed: SEED, onStep, helper });
  const { clusterOf, sizes } = numberClusters(clusters);
  const quality = truth === null ? {} : evaluate(clusterOf, truth);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const evaluation = { records: size, ...quality, clusters: sizes.length, largest };
  return { evaluation, clusterOf, dropped: model.quality.dropped };
}

/** Number clusters from 1 in the order of their first records, and count the records of each. */
function numberClusters(clusters: Int32Array): { clusterOf: Int32Array; sizes: readonly number[] } {
  const numbers = new Int32Array(clusters.reduce((most, cluster) => Math.max(most, cluster), 0) + 1);
  const sizes: number[] = [];
  const clusterOf = clusters.map((cluster) => {
    if (numbers[cluster] === 0) numbers[cluster] = sizes.push(0);
    const number = numbers[cluster]!;
    sizes[number - 1]! += 1;
    return number;
  });
  return { clusterOf, sizes };
}
