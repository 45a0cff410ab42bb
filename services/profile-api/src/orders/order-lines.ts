import { compareKeys } from '@kenal/identity';
import type { OrderEvent, OrderItem } from './order-event.ts';

/** A line of an order; negative where it came back. */
export interface OrderLine extends Omit<OrderItem, 'line'> {
  /** From 1, within the order. */
  readonly line: number;
  /** Microseconds; of an order that is stated again, of the first statement that has the item. */
  readonly occurred: number;
}

/** @param events of one order, by moment @param currency of the order: of lines that name none */
export function linesOf(events: readonly OrderEvent[], currency: string): OrderLine[] {
  const snapshots = events.filter(({ order_kind }) => order_kind === 'snapshot');
  const newest = snapshots.findLast(({ items }) => items.length > 0);
  const carriers = events.filter(
    (event) => event.order_kind === 'lines' || event.order_kind === 'refund' || event === newest,
  );
  return carriers
    .toSorted((a, b) => a.occurred - b.occurred || compareKeys(a.message_id, b.message_id))
    .flatMap((event) => event.items.toSorted((a, b) => a.line - b.line).map((item) => ({ event, item })))
    .map(({ event, item }, index) => ({
      ...{ ...item, line: index + 1, currency: item.currency === '' ? currency : item.currency },
      occurred: event === newest ? firstStated(snapshots, item.item_id, event.occurred) : event.occurred,
    }));
}

function firstStated(snapshots: readonly OrderEvent[], itemId: string, stated: number): number {
  const having = snapshots.filter(({ items }) => items.some(({ item_id }) => item_id === itemId));
  return Math.min(stated, ...having.map(({ occurred }) => occurred));
}
