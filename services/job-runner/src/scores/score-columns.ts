import { type Column, columnsOf, createRowEncoder, type RowEncoder, writeList, writeNullable } from '@kenal/warehouse';
import type { Score } from './score-part.ts';

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

type Row = Score & ScoreRun;

const { text, word, moment, uint32, uint64, column } = columnsOf<Row>();

/** A number that is none is NULL. */
const float = (name: string, of: (row: Row) => number | null): Column<Row> =>
  column(name, 'Nullable(Float64)', (writer, row) => {
    const value = of(row);
    writeNullable(writer, value === null || !Number.isFinite(value) ? null : value, (to, one) => to.float64(one));
  });

const floats = (name: string, of: (row: Row) => readonly number[]): Column<Row> =>
  column(name, 'Array(Float64)', (writer, row) => writeList(writer, of(row), (to, one) => to.float64(one)));

export const SCORE_TABLE = 'kenal.score_rows';

export function createScoreEncoder(): RowEncoder<Row> {
  return createRowEncoder<Row>([
    word('workspace', ({ workspace }) => workspace),
    text('profile_id', ({ profile }) => profile),
    word('currency', ({ currency }) => currency),
    column('as_of', 'Date32', (writer, { asOf }) => writer.uint32(asOf)),
    float('p_alive', ({ pAlive }) => pAlive),
    float('p_active', ({ pActive }) => pActive),
    uint32('horizon_days', ({ horizonDays }) => horizonDays),
    floats('purchases', ({ purchases }) => purchases),
    float('spend', ({ spend }) => spend),
    floats('clv', ({ clv }) => clv),
    floats('clv_p10', ({ quantiles }) => quantiles[0]),
    floats('clv_p50', ({ quantiles }) => quantiles[1]),
    floats('clv_p90', ({ quantiles }) => quantiles[2]),
    float('churn', ({ churn }) => churn?.chance ?? null),
    word('band', ({ churn }) => churn?.band ?? ''),
    text('reason', ({ churn }) => churn?.reason ?? ''),
    float('reason_effect', ({ churn }) => churn?.effect ?? null),
    float('overdue', ({ churn }) => churn?.overdue ?? null),
    float('value_at_risk', ({ valueAtRisk }) => valueAtRisk),
    uint32('products', ({ products }) => products),
    text('repeat_fit', ({ repeatFit }) => repeatFit),
    text('spend_fit', ({ spendFit }) => spendFit),
    text('churn_fit', ({ churnFit }) => churnFit),
    column('input', 'UInt64', (writer, { hash }) => writer.uint64(hash)),
    text('basis', ({ basis }) => basis),
    column('hidden', 'Bool', (writer, { isHidden }) => writer.byte(isHidden ? 1 : 0)),
    moment('computed_at', ({ ver }) => ver),
    uint64('ver', ({ ver }) => ver),
  ]);
}
