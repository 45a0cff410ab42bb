/** Days of a week: models speak weeks, cells hold days, which are whole. */
export const WEEK = 7;

/**
 * Customers who look the same to a model of repeat buying, counted. Parallel columns, sorted by `x`, then `recency`, then `age`.
 */
export interface Cells {
  /** Days with a purchase after the first one. */
  readonly x: Int32Array;
  /** Days between the first and the last day with a purchase; 0 where x is 0. */
  readonly recency: Int32Array;
  /** Days between the first purchase and the end of what was watched. */
  readonly age: Int32Array;
  /** How many customers. */
  readonly weight: Float64Array;
}

/** The same columns, a row for each customer. */
export interface Histories {
  readonly x: ArrayLike<number>;
  readonly recency: ArrayLike<number>;
  readonly age: ArrayLike<number>;
}

/** One row of cells. */
export interface Cell {
  readonly x: number;
  readonly recency: number;
  readonly age: number;
  readonly weight: number;
}

const DAYS = 2 ** 17;

/**
 * Count equal histories.
 * @throws RangeError for a row that is no history: negative, no whole days, last purchase after the end, or a repeat without time
 */
export function cellsOf({ x, recency, age }: Histories): Cells {
  const keys = new Float64Array(x.length);
  for (let i = 0; i < keys.length; i += 1) keys[i] = keyOf(x[i]!, recency[i]!, age[i]!, i);
  keys.sort();
  let count = 0;
  for (let i = 0; i < keys.length; i += 1) if (i === 0 || keys[i] !== keys[i - 1]) count += 1;
  const cells = emptyCells(count);
  for (let i = 0, at = -1; i < keys.length; i += 1) {
    if (i === 0 || keys[i] !== keys[i - 1]) {
      at += 1;
      const key = keys[i]!;
      cells.x[at] = Math.floor(key / (DAYS * DAYS));
      cells.recency[at] = Math.floor(key / DAYS) % DAYS;
      cells.age[at] = key % DAYS;
    }
    cells.weight[at]! += 1;
  }
  return cells;
}

/** Cells that were counted elsewhere, in SQL for one. @throws RangeError as {@link cellsOf}, and for a weight that is not above 0 */
export function cellsFrom(rows: readonly Cell[]): Cells {
  const keyed = rows.map((row, i) => ({ ...row, key: keyOf(row.x, row.recency, row.age, i) }));
  keyed.sort((one, other) => one.key - other.key);
  const cells = emptyCells(rows.length);
  for (const [at, { x, recency, age, weight }] of keyed.entries()) {
    if (!(weight > 0 && Number.isFinite(weight))) throw new RangeError(`a cell has the weight ${weight}`);
    [cells.x[at], cells.recency[at], cells.age[at], cells.weight[at]] = [x, recency, age, weight];
  }
  return cells;
}

function emptyCells(count: number): Cells {
  const days = (): Int32Array => new Int32Array(count);
  return { x: days(), recency: days(), age: days(), weight: new Float64Array(count) };
}

/** A history as one number that sorts like it: 2^19 purchases, 2^17 days. */
function keyOf(x: number, recency: number, age: number, row: number): number {
  const isWhole = Number.isInteger(x) && Number.isInteger(recency) && Number.isInteger(age);
  const isHistory = x >= 0 && recency >= x && age >= recency && (x > 0 || recency === 0);
  if (!isWhole || !isHistory || x >= 2 ** 19 || age >= DAYS)
    throw new RangeError(`row ${row} is no history of purchases: x ${x}, recency ${recency}, age ${age} days`);
  return (x * DAYS + recency) * DAYS + age;
}

const MANY_CUSTOMERS = 16;

/**
 * Some of the cells, standing for all: those of many customers, and every n-th of the others with n times its weight.
 * Good to begin a fit with, not to end it.
 */
export function thinned(cells: Cells, most: number): Cells {
  const rows = cells.x.length;
  if (rows <= most) return cells;
  const every = Math.ceil(rows / most);
  const kept: number[] = [];
  for (let i = 0; i < rows; i += 1) if (cells.weight[i]! >= MANY_CUSTOMERS * every || i % every === 0) kept.push(i);
  const thin = emptyCells(kept.length);
  for (const [at, i] of kept.entries()) {
    [thin.x[at], thin.recency[at], thin.age[at]] = [cells.x[i]!, cells.recency[i]!, cells.age[i]!];
    thin.weight[at] = cells.weight[i]! * (cells.weight[i]! >= MANY_CUSTOMERS * every ? 1 : every);
  }
  return thin;
}

/** Sums that name a data set: customers, Σx, Σt_x and ΣT in weeks. */
export function sumsOf(cells: Cells): { customers: number; sumX: number; sumTx: number; sumT: number } {
  let [customers, sumX, recency, age] = [0, 0, 0, 0];
  for (let i = 0; i < cells.x.length; i += 1) {
    const weight = cells.weight[i]!;
    customers += weight;
    sumX += weight * cells.x[i]!;
    recency += weight * cells.recency[i]!;
    age += weight * cells.age[i]!;
  }
  return { customers, sumX, sumTx: recency / WEEK, sumT: age / WEEK };
}
