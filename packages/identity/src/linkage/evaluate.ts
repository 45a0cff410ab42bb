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

/** @param clusters cluster by record. @param truth person by record; both whole numbers from 0 */
export function evaluate(clusters: Int32Array, truth: Int32Array): Quality {
  const [byCluster, ofPerson] = [bucketsOf(clusters), bucketsOf(truth)];
  /** How many records of each person the cluster at hand has. */
  const ofBoth = new Int32Array(ofPerson.sizes.length);
  let [right, pure, complete] = [0, 0, 0];
  let begin = 0;
  for (const size of byCluster.sizes) {
    const members = byCluster.order.subarray(begin, begin + size);
    for (const record of members) ofBoth[truth[record]!]! += 1;
    for (const record of members) {
      const person = truth[record]!;
      const count = ofBoth[person]!;
      ofBoth[person] = 0;
      right += (count * (count - 1)) / 2;
      pure += (count * count) / size;
      complete += (count * count) / ofPerson.sizes[person]!;
    }
    begin += size;
  }
  const [found, truePairs] = [pairsOf(byCluster.sizes), pairsOf(ofPerson.sizes)];
  const pairwise = scoresOf(ratio(right, found), ratio(right, truePairs));
  const b3 = scoresOf(ratio(pure, clusters.length), ratio(complete, clusters.length));
  return { truePairs, ...pairwise, b3 };
}

/** Records by a whole number of theirs, and how many have each. */
function bucketsOf(numbers: Int32Array): { readonly order: Int32Array; readonly sizes: Int32Array } {
  const sizes = new Int32Array(numbers.reduce((most, number) => Math.max(most, number), -1) + 1);
  for (const number of numbers) sizes[number]! += 1;
  const next = new Int32Array(sizes.length);
  for (let i = 1; i < sizes.length; i += 1) next[i] = next[i - 1]! + sizes[i - 1]!;
  const order = new Int32Array(numbers.length);
  for (let record = 0; record < numbers.length; record += 1) {
    const number = numbers[record]!;
    order[next[number]!] = record;
    next[number]! += 1;
  }
  return { order, sizes };
}

function pairsOf(sizes: Int32Array): number {
  let pairs = 0;
  for (const size of sizes) pairs += (size * (size - 1)) / 2;
  return pairs;
}

function scoresOf(precision: number, recall: number): { precision: number; recall: number; f1: number } {
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

/** Of nothing, all is right. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
