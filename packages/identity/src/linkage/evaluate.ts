/** How well clusters fit the truth. */
export interface Quality {
  /** Pairs of records that are truly of one person. */
  readonly truePairs: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Averages over records of how pure and how complete the cluster of each is (Bagga & Baldwin 1998). */
  readonly b3: { readonly precision: number; readonly recall: number; readonly f1: number };
}

type Counts = Map<number, number>;

/** @param clusters cluster by record. @param truth person by record; both whole numbers from 0 */
export function evaluate(clusters: Int32Array, truth: Int32Array): Quality {
  const [ofCluster, ofPerson, ofBoth] = [0, 1, 2].map(() => new Map<number, number>()) as [Counts, Counts, Counts];
  const width = truth.reduce((most, person) => Math.max(most, person), 0) + 1;
  const count = (map: Counts, key: number): void => void map.set(key, (map.get(key) ?? 0) + 1);
  clusters.forEach((cluster, record) => {
    count(ofCluster, cluster);
    count(ofPerson, truth[record]!);
    count(ofBoth, cluster * width + truth[record]!);
  });
  const pairs = (map: Counts): number => [...map.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
  const [found, truePairs, right] = [pairs(ofCluster), pairs(ofPerson), pairs(ofBoth)];
  const pairwise = scoresOf(ratio(right, found), ratio(right, truePairs));
  let [pure, complete] = [0, 0];
  for (const [key, size] of ofBoth) {
    pure += (size * size) / ofCluster.get(Math.floor(key / width))!;
    complete += (size * size) / ofPerson.get(key % width)!;
  }
  const b3 = scoresOf(ratio(pure, clusters.length), ratio(complete, clusters.length));
  return { truePairs, ...pairwise, b3 };
}

function scoresOf(precision: number, recall: number): { precision: number; recall: number; f1: number } {
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

/** Of nothing, all is right. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
