import { compareKeys } from '@kenal/identity';

/** What one event says of its order: columns of `kenal.interaction_facts`. */
export interface OrderEvent {
  readonly source: string;
  readonly order_id: string;
  readonly message_id: string;
  /** Today's; '' where the event names nobody. */
  readonly profile_id: string;
  /** Microseconds. */
  readonly occurred: number;
  /** The caller's own time, else `occurred`: which of several events came last. */
  readonly moment: number;
  readonly order_kind: 'snapshot' | 'lines' | 'refund' | 'cancel';
  /** Decimals as text. */
  readonly total: string | null;
  readonly refunded: string | null;
  readonly order_currency: string;
  readonly order_faults: readonly string[];
  readonly items: readonly OrderItem[];
}

export interface OrderItem {
  readonly line: number;
  readonly item_id: string;
  readonly name: string;
  readonly category: string;
  readonly quantity: string | null;
  readonly price: string | null;
  readonly amount: string | null;
  readonly currency: string;
}

/** Which of two came first. */
export function compareEvents(one: OrderEvent, other: OrderEvent): number {
  return one.moment - other.moment || compareKeys(one.message_id, other.message_id);
}

/** The last of those that fit; null where none does. @param events in order */
export function lastOf(events: readonly OrderEvent[], fits: (event: OrderEvent) => boolean): OrderEvent | null {
  return events.findLast(fits) ?? null;
}

/** Whether the event states the whole order, and what it is worth. */
export function isStated({ order_kind, total }: OrderEvent): boolean {
  return order_kind === 'snapshot' && total !== null;
}
