import type { Measures } from '@kenal/analytics';
import { type Column, columnsOf, createRowEncoder, writeList, writeNullable } from '@kenal/warehouse';

/** What all rows of a run share. */
export interface ProductRun {
  readonly workspace: string;
  readonly fitId: string;
  /** When the run began, microseconds: whoever is erased later is not shown by its rows. */
  readonly ver: number;
}

export interface RuleRow extends Measures {
  readonly left: readonly string[];
  readonly right: string;
  readonly orders: number;
}

export interface AlsoBoughtRow {
  readonly item: string;
  readonly place: number;
  readonly other: string;
  readonly basket: number;
  readonly customer: number;
  readonly score: number;
}

export interface NextBestRow {
  readonly profile: string;
  readonly kind: 'new' | 'reorder';
  readonly place: number;
  readonly item: string;
  readonly score: number;
  readonly because: string;
  readonly orders: number;
  readonly days: number;
}

const run = <T extends ProductRun>(): Column<T>[] => {
  const { text, word, uint64 } = columnsOf<T>();
  const fit = text('fit_id', ({ fitId }) => fitId);
  return [word('workspace', ({ workspace }) => workspace), fit, uint64('ver', ({ ver }) => ver)];
};

function numbersOf<T>() {
  const { column } = columnsOf<T>();
  return {
    float: (name: string, of: (row: T) => number): Column<T> =>
      column(name, 'Float64', (writer, row) => writer.float64(of(row))),
    uint16: (name: string, of: (row: T) => number): Column<T> =>
      column(name, 'UInt16', (writer, row) => {
        writer.byte(of(row) & 0xff);
        writer.byte(of(row) >> 8);
      }),
  };
}

export const RULE_TABLE = 'kenal.association_rows';
export function createRuleEncoder() {
  type Row = RuleRow & ProductRun;
  const { text, uint64, column } = columnsOf<Row>();
  const { float } = numbersOf<Row>();
  return createRowEncoder<Row>([
    ...run<Row>(),
    column('left_items', 'Array(String)', (writer, { left }) => writeList(writer, left, (to, one) => to.text(one))),
    text('right_item', ({ right }) => right),
    uint64('orders', ({ orders }) => orders),
    ...(['support', 'confidence', 'lift', 'leverage', 'jaccard', 'cosine', 'p'] as const).map((name) =>
      float(name, (row) => row[name]),
    ),
    float('chi_square', ({ chiSquare }) => chiSquare),
    column('conviction', 'Nullable(Float64)', (writer, { conviction }) =>
      writeNullable(writer, conviction, (to, one) => to.float64(one)),
    ),
    column('conviction_infinite', 'Bool', (writer, row) => writer.byte(row.convictionInfinite ? 1 : 0)),
  ]);
}

export const ALSO_BOUGHT_TABLE = 'kenal.also_bought_rows';
export function createAlsoBoughtEncoder() {
  type Row = AlsoBoughtRow & ProductRun;
  const { text } = columnsOf<Row>();
  const { float, uint16 } = numbersOf<Row>();
  return createRowEncoder<Row>([
    ...run<Row>(),
    text('item_id', ({ item }) => item),
    uint16('place', ({ place }) => place),
    text('other_item', ({ other }) => other),
    ...(['basket', 'customer', 'score'] as const).map((name) => float(name, (row) => row[name])),
  ]);
}

export const NEXT_BEST_TABLE = 'kenal.next_best_rows';
export function createNextBestEncoder() {
  type Row = NextBestRow & ProductRun;
  const { text, word, uint32, moment } = columnsOf<Row>();
  const { float, uint16 } = numbersOf<Row>();
  return createRowEncoder<Row>([
    ...run<Row>(),
    text('profile_id', ({ profile }) => profile),
    word('kind', ({ kind }) => kind),
    uint16('place', ({ place }) => place),
    text('item_id', ({ item }) => item),
    float('score', ({ score }) => score),
    text('because', ({ because }) => because),
    uint32('orders', ({ orders }) => orders),
    uint32('days', ({ days }) => days),
    moment('computed_at', ({ ver }) => ver),
  ]);
}
