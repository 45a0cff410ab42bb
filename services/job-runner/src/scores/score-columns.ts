import { type Column, columnsOf, createRowEncoder, type RowEncoder } from '@kenal/warehouse';
import { MONTHS } from './outlook.ts';
import type { Scores } from './score-part.ts';

/** What all rows of a run share. */
export interface ScoreRun {
  readonly workspace: string;
  /** Days since 1970-01-01. */
  readonly asOf: number;
  readonly horizonDays: number;
  /** Hash of the day and of all fits. */
  readonly basis: string;
  /** When the run began, microseconds: whoever is erased later is not shown by its rows. */
  readonly ver: number;
}

/** A row of scores, by its place. */
export interface ScoreRow {
  readonly of: Scores;
  readonly at: number;
  readonly run: ScoreRun;
}

const { text, word, moment, uint32, uint64, column } = columnsOf<ScoreRow>();

/** A number that is none is NULL. */
const float = (name: string, numbers: (of: Scores) => Float64Array): Column<ScoreRow> =>
  column(name, 'Nullable(Float64)', (writer, { of, at }) => {
    const value = numbers(of)[at]!;
    const isNull = !Number.isFinite(value);
    writer.byte(isNull ? 1 : 0);
    if (!isNull) writer.float64(value);
  });

/** One for each of {@link MONTHS}; none where nothing is said. */
const floats = (name: string, numbers: (of: Scores) => Float64Array): Column<ScoreRow> =>
  column(name, 'Array(Float64)', (writer, { of, at }) => {
    const [all, from] = [numbers(of), at * MONTHS.length];
    const count = Number.isNaN(all[from]!) ? 0 : MONTHS.length;
    writer.count(count);
    for (let month = 0; month < count; month += 1) writer.float64(all[from + month]!);
  });

export const SCORE_TABLE = 'kenal.score_rows';

export function createScoreEncoder(): RowEncoder<ScoreRow> {
  return createRowEncoder<ScoreRow>([
    word('workspace', ({ run }) => run.workspace),
    text('profile_id', ({ of, at }) => of.part.profiles[at]!),
    word('currency', ({ of, at }) => of.part.currencies[at]!),
    column('as_of', 'Date32', (writer, { run }) => writer.uint32(run.asOf)),
    float('p_alive', ({ pAlive }) => pAlive),
    float('p_active', ({ pActive }) => pActive),
    uint32('horizon_days', ({ run }) => run.horizonDays),
    floats('purchases', ({ purchases }) => purchases),
    float('spend', ({ spend }) => spend),
    floats('clv', ({ clv }) => clv),
    floats('clv_p10', ({ p10 }) => p10),
    floats('clv_p50', ({ p50 }) => p50),
    floats('clv_p90', ({ p90 }) => p90),
    float('churn', ({ churn }) => churn),
    word('band', ({ of, at }) => of.band[at]!),
    text('reason', ({ of, at }) => of.reason[at]!),
    float('reason_effect', ({ effect }) => effect),
    float('overdue', ({ overdue }) => overdue),
    float('value_at_risk', ({ valueAtRisk }) => valueAtRisk),
    uint32('products', ({ of, at }) => of.part.products[at]!),
    text('repeat_fit', ({ of, at }) => of.repeatFit[at]!),
    text('spend_fit', ({ of, at }) => of.spendFit[at]!),
    text('churn_fit', ({ of, at }) => of.churnFit[at]!),
    column('input', 'UInt64', (writer, { of, at }) => writer.uint64(of.part.hashes[at]!)),
    text('basis', ({ run }) => run.basis),
    column('hidden', 'Bool', (writer, { of, at }) =>
      writer.byte(of.repeatFit[at] === '' && of.churnFit[at] === '' ? 1 : 0),
    ),
    moment('computed_at', ({ run }) => run.ver),
    uint64('ver', ({ run }) => run.ver),
  ]);
}
