import { isFlat, type Parameters } from '../models/fit.ts';
import { fitNbd, type NBD_NAMES } from '../models/nbd.ts';
import { fitRepeat, nbdOutlook, outlookOf, type RepeatModelName, type RepeatOutlook } from '../models/repeat.ts';
import { type Cells, cellsOf, type Histories } from '../purchases/cells.ts';
import type { CustomerHistories, Standing } from '../purchases/history.ts';

/** What models of repeat buying, fitted to all customers at one day, say of each. */
export interface ModelOutputs {
  /** Chance of a purchase in the next weeks. Where leaving cannot be told (a flat likelihood, a search without end), as NBD says. */
  readonly modified: (of: Standing, weeks: number) => number;
  readonly pareto: (of: Standing, weeks: number) => number;
  /** As if nobody ever left. */
  readonly staying: (of: Standing, weeks: number) => number;
  /** Purchases to expect. */
  readonly expected: (of: Standing, weeks: number) => number;
}

/** Parameters of these models; null where leaving cannot be told. */
export interface OutputParameters {
  readonly nbd: Parameters<(typeof NBD_NAMES)[number]>;
  readonly modified: Readonly<Record<string, number>> | null;
  readonly pareto: Readonly<Record<string, number>> | null;
}

/** @throws RangeError where there is nobody */
export function fitOutputs(histories: CustomerHistories): OutputParameters {
  const cells = cellsOf(thin(histories));
  const modified = soundOf('mbg-nbd', cells);
  // Where one cannot tell who has left, neither can the other, which takes long to find out
  const pareto = modified === null ? null : soundOf('pareto-nbd', cells);
  return { nbd: fitNbd(cells).parameters, modified, pareto };
}

/** The models behind what is said. */
export interface OutputModels {
  readonly modified: RepeatOutlook;
  readonly pareto: RepeatOutlook;
  readonly staying: RepeatOutlook;
}

export function outputModelsOf({ nbd, modified, pareto }: OutputParameters): OutputModels {
  const staying = nbdOutlook(nbd);
  return {
    modified: modified === null ? staying : outlookOf('mbg-nbd', modified),
    pareto: pareto === null ? staying : outlookOf('pareto-nbd', pareto),
    staying,
  };
}

export function modelOutputsOf(parameters: OutputParameters): ModelOutputs {
  const { modified, pareto, staying } = outputModelsOf(parameters);
  return { modified: modified.active, pareto: pareto.active, staying: staying.active, expected: pareto.expected };
}

const MOST_CUSTOMERS = 5_000;

/** Every n-th customer, where there are more than parameters need. */
function thin({ x, recency, age }: CustomerHistories): Histories {
  const every = Math.ceil(x.length / MOST_CUSTOMERS);
  const some = (column: Int32Array): Int32Array => column.filter((_, row) => row % every === 0);
  return every <= 1 ? { x, recency, age } : { x: some(x), recency: some(recency), age: some(age) };
}

function soundOf(name: RepeatModelName, cells: Cells): Readonly<Record<string, number>> | null {
  const { fit } = fitRepeat(name, cells);
  return fit.converged && !isFlat(fit) ? fit.parameters : null;
}
