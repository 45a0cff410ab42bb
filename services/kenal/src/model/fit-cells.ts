import { fitBgBb, fitSbg, type Occasions } from '@kenal/analytics';
import { createZone } from '@kenal/collector-kit';
import { UsageError } from '../cli/usage-error.ts';
import { createCellReaders } from '../import/cell.ts';
import { openFileText } from '../import/file-text.ts';
import { openRows } from '../import/open-rows.ts';
import { type FitReport, tell } from './fit-file.ts';

/** Models that are fitted to counted files, and the columns of these. */
export const CELL_COLUMNS = {
  'bg-bb': ['frequency', 'recency', 'periods', 'weights'],
  sbg: ['cohort', 'n0', 'year', 'survivors'],
} as const;
export type CellModel = keyof typeof CELL_COLUMNS;

/** Fit donors, members and the like: who took which of the same occasions; weeks are occasions here. */
export async function fitOccasions(path: string): Promise<FitReport> {
  const rows: Occasions[] = [];
  const lines: number[] = [];
  for await (const { line, cells } of countedRows(path, 'bg-bb')) {
    const [x, recency, periods, weight] = cells.map((cell, i) => numberOf(path, line, CELL_COLUMNS['bg-bb'][i]!, cell));
    lines.push(line);
    rows.push({ x: x!, recency: recency!, periods: periods!, weight: weight! });
  }
  const fit = said(path, () => fitBgBb(rows), lines);
  const sum = (of: (row: Occasions) => number): number => rows.reduce((total, row) => total + row.weight * of(row), 0);
  const sums = { sumX: sum(({ x }) => x), sumTx: sum(({ recency }) => recency), sumT: sum(({ periods }) => periods) };
  return { customers: fit.customers, ...sums, ...tell(fit), holdout: null };
}

/** What is said of cohorts: of all together, and of each. */
export interface CohortReport extends ReturnType<typeof tell> {
  readonly customers: number;
  readonly cohorts: readonly (ReturnType<typeof tell> & { readonly cohort: string; readonly customers: number })[];
}

/** Fit contracts that are renewed: how many of a cohort are there after each year. */
export async function fitCohorts(path: string): Promise<CohortReport> {
  const cohorts = new Map<string, { began: number; byYear: Map<number, number> }>();
  for await (const { line, cells } of countedRows(path, 'sbg')) {
    const [n0, year, survivors] = cells.slice(1).map((cell, i) => numberOf(path, line, CELL_COLUMNS.sbg[i + 1]!, cell));
    const cohort = cohorts.get(cells[0]!) ?? { began: n0!, byYear: new Map() };
    if (cohort.began !== n0 || cohort.byYear.has(year!))
      throw new UsageError(`${path}, line ${line}: cohort ${cells[0]} has another n0 before, or year ${year} twice`);
    cohort.byYear.set(year!, survivors!);
    cohorts.set(cells[0]!, cohort);
  }
  const ready = [...cohorts].map(([cohort, { began, byYear }]) => {
    const survivors = Array.from({ length: byYear.size }, (_, i) => byYear.get(i + 1));
    const gap = survivors.indexOf(undefined);
    if (gap >= 0)
      throw new UsageError(`${path}: cohort ${cohort} has no year ${gap + 1}; years go from 1 without a gap`);
    return { cohort, began, survivors: survivors as number[] };
  });
  const all = said(path, () => fitSbg(ready));
  return {
    customers: all.customers,
    ...tell(all),
    cohorts: ready.map((one) => ({ cohort: one.cohort, customers: one.began, ...tell(fitSbg([one])) })),
  };
}

interface CountedRow {
  readonly line: number;
  readonly cells: readonly string[];
}

async function* countedRows(path: string, model: CellModel): AsyncGenerator<CountedRow> {
  const source = await openRows(await openFileText(path), {});
  const readers = createCellReaders(source, createZone('UTC')!, path);
  const columns = CELL_COLUMNS[model].map((column) => readers.text({ column }, `--model ${model} --cells`, false));
  for await (const group of source.rows())
    for (const found of group) {
      if (!found.ok) throw new UsageError(`${path}, line ${found.broken.line}: ${found.broken.reason}`);
      const cells = columns.map((column) => column(found.row));
      yield { line: found.row.line, cells: cells.map((cell) => (cell.ok ? (cell.value ?? '') : '')) };
    }
}

function numberOf(path: string, line: number, column: string, text: string): number {
  const value = Number(text);
  if (text !== '' && Number.isFinite(value)) return value;
  throw new UsageError(`${path}, line ${line}: ${column} must be a number, not ${JSON.stringify(text)}`);
}

/** A row that the model cannot take is the file's fault. @param lines of the file, by row; the model counts rows from 0 */
function said<T>(path: string, fit: () => T, lines: readonly number[] = []): T {
  try {
    return fit();
  } catch (error) {
    if (error instanceof RangeError) {
      const message = error.message.replace(/^row (\d+)/, (row, i) => (i in lines ? `line ${lines[Number(i)]}` : row));
      throw new UsageError(`${path}: ${message}`);
    }
    throw error;
  }
}
