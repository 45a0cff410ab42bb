import type { Parameters } from '../models/fit.ts';
import { fitNbd, type NBD_NAMES } from '../models/nbd.ts';
import { fitRepeat, type RepeatModel, type RepeatModelName } from '../models/repeat.ts';
import { type Cells, cellsOf, type Histories } from '../purchases/cells.ts';
import type { CustomerHistories, Standing } from '../purchases/history.ts';

/** What models of repeat buying, fitted to all customers at one day, say of each. */
export interface ModelOutputs {
  /** Chance of a purchase in the next weeks. Where leaving cannot be told (a ridge, a search without end), as NBD says. */
  readonly modified: (of: Standing, weeks: number) => number;
  readonly pareto: (of: Standing, weeks: number) => number;
  /** As if nobody ever left. */
  readonly staying: (of: Standing, weeks: number) => number;
  /** Purchases to expect. */
  readonly expected: (of: Standing, weeks: number) => number;
}

/** @throws RangeError where there is nobody */
export function modelOutputsOf(histories: CustomerHistories): ModelOutputs {
  const cells = cellsOf(thin(histories));
  const { parameters } = fitNbd(cells);
  const staying = nbdActive(parameters);
  const modified = soundOf('mbg-nbd', cells);
  // Where one cannot tell who has left, neither can the other, which takes long to find out
  const pareto = modified === null ? null : soundOf('pareto-nbd', cells);
  const { r, alpha } = parameters;
  return {
    modified: modified?.active ?? staying,
    pareto: pareto?.active ?? staying,
    staying,
    expected: pareto?.expected ?? (({ x, age }, weeks) => ((r + x) / (alpha + age)) * weeks),
  };
}

const MOST_CUSTOMERS = 5_000;

/** Every n-th customer, where there are more than parameters need. */
function thin({ x, recency, age }: CustomerHistories): Histories {
  const every = Math.ceil(x.length / MOST_CUSTOMERS);
  const some = (column: Int32Array): Int32Array => column.filter((_, row) => row % every === 0);
  return every <= 1 ? { x, recency, age } : { x: some(x), recency: some(recency), age: some(age) };
}

function soundOf(name: RepeatModelName, cells: Cells): RepeatModel | null {
  const model = fitRepeat(name, cells);
  return model.fit.converged && !model.fit.ridge ? model : null;
}

/** 1 − (1 + t/(α + T))^−(r + x). */
function nbdActive({ r, alpha }: Parameters<(typeof NBD_NAMES)[number]>): (of: Standing, weeks: number) => number {
  return ({ x, age }, weeks) => -Math.expm1(-(r + x) * Math.log1p(weeks / (alpha + age)));
}
