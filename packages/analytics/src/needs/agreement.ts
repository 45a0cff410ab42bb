/** How often two ways to group the same people put somebody into group a of one and b of the other: a · width + b. */
interface Crossed {
  readonly cells: Float64Array;
  readonly width: number;
  readonly rows: Float64Array;
  readonly columns: Float64Array;
}

function crossed(one: Int32Array, other: Int32Array): Crossed {
  const size = (labels: Int32Array): number => labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const [height, width] = [size(one), size(other)];
  const [cells, rows, columns] = [new Float64Array(height * width), new Float64Array(height), new Float64Array(width)];
  for (const [i, label] of one.entries()) {
    cells[label * width + other[i]!]! += 1;
    rows[label]! += 1;
    columns[other[i]!]! += 1;
  }
  return { cells, width, rows, columns };
}

/**
 * Adjusted Rand index (Hubert & Arabie 1985, J. Classif. 2): of the pairs of people, how many both ways keep together or apart beyond
 * chance. 1: the same groups, whatever they are called; 0: as by chance.
 */
export function adjustedRand(one: Int32Array, other: Int32Array): number {
  const { cells, rows, columns } = crossed(one, other);
  const pairs = (counts: Float64Array): number => counts.reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  const all = (one.length * (one.length - 1)) / 2;
  const [both, left, right] = [pairs(cells), pairs(rows), pairs(columns)];
  const expected = (left * right) / all;
  const most = (left + right) / 2;
  return most === expected ? 1 : (both - expected) / (most - expected);
}

/** Of each group of `one`, the Jaccard similarity of the group of `other` that is most like it: common ÷ in either. */
export function bestJaccards(one: Int32Array, other: Int32Array): number[] {
  const { cells, width, rows, columns } = crossed(one, other);
  return Array.from(rows, (size, a) =>
    columns.reduce((best, count, b) => {
      const common = cells[a * width + b]!;
      return Math.max(best, common / (size + count - common));
    }, 0),
  );
}
