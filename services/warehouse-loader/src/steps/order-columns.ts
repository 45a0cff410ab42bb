import { columnsOf, type RowWriter, writeList, writeNullable } from '@kenal/warehouse';
import type { Millionths } from './decimal.ts';
import type { OrderEvent } from './order.ts';

const { text, money, column } = columnsOf<{ readonly order: OrderEvent | null }>();
const DECIMAL = 'Nullable(Decimal(38, 6))';
const ITEM =
  `Tuple(line UInt32, item_id String, name String, category String, quantity ${DECIMAL}, price ${DECIMAL}, ` +
  `amount ${DECIMAL}, currency LowCardinality(String))`;

/** The columns of an order; empty where the event is none. */
export const orderColumns = [
  text('order_id', ({ order }) => order?.orderId ?? null),
  text('order_kind', ({ order }) => order?.kind ?? null),
  money('order_total', ({ order }) => order?.total ?? null),
  money('order_refunded', ({ order }) => order?.refunded ?? null),
  text('order_currency', ({ order }) => order?.currency ?? null),
  column('order_faults', 'Array(String)', (writer, { order }) =>
    writeList(writer, order?.faults ?? [], (_, fault) => writer.text(fault)),
  ),
  column('items', `Array(${ITEM})`, writeItems),
];

function writeItems(writer: RowWriter, { order }: { readonly order: OrderEvent | null }): void {
  writer.count(order?.lines.length ?? 0);
  for (const [i, line] of order?.lines.entries() ?? []) {
    writer.uint32(i + 1);
    writer.text(line.itemId);
    writer.text(line.name);
    writer.text(line.category);
    for (const number of [line.quantity, line.price, line.amount]) writeNullable(writer, number, writeMillionths);
    writer.text(line.currency);
  }
}

const writeMillionths = (writer: RowWriter, value: Millionths): void => writer.int128(value);
