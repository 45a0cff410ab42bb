import { decimalText, millionths } from './decimal.ts';
import { compareEvents, isStated, lastOf, type OrderEvent } from './order-event.ts';
import { linesOf } from './order-lines.ts';
import type { OrderView } from './schemas.ts';

/** What all events of an order say of it. */
export type FoldedOrder = Omit<OrderView, 'orderedAt' | 'lines' | 'profileId' | 'currency'> & {
  /** Microseconds. */
  readonly ordered: number;
  readonly profile: string;
  readonly currency: string;
  readonly lines: ReturnType<typeof linesOf>;
};

/**
 * One order, as views `orders` and `order_items` have it, from its events: for who reads a few orders at a time. To plan the
 * views takes the engine ten times as long as to read these events. `../card/folds.int.test.ts` holds the two equal.
 * @param events all of one (source, order), at least one, in any order
 * @param workspaceCurrency of amounts that name none
 */
export function foldOrder(events: readonly OrderEvent[], workspaceCurrency: string): FoldedOrder {
  const inOrder = events.toSorted(compareEvents);
  const first = inOrder[0]!;
  const currency = currencyOf(inOrder, workspaceCurrency);
  const money = moneyOf(inOrder, currency);
  const isCancelled = wasCancelled(inOrder);
  const { total, refunded } = money;
  return {
    ...{ id: first.order_id, source: first.source, ordered: Math.min(...events.map(({ occurred }) => occurred)) },
    profile: inOrder.find(({ profile_id }) => profile_id !== '')?.profile_id ?? '',
    status: isCancelled ? 'cancelled' : statusOf(money),
    ...{ total: textOf(total), refunded: textOf(refunded) },
    net: isCancelled ? '0' : total === null ? null : decimalText(total - (refunded ?? 0n)),
    ...{ currency, faults: faultsOf(inOrder, money), lines: linesOf(inOrder, currency) },
  };
}

/** In which it was stated last, else first; where only updates speak of it and name none, the workspace's. */
function currencyOf(events: readonly OrderEvent[], workspaceCurrency: string): string {
  const named = (event: OrderEvent): boolean => event.order_currency !== '';
  const isSale = ({ order_kind }: OrderEvent): boolean => order_kind === 'snapshot' || order_kind === 'lines';
  const stated = lastOf(events, (event) => isStated(event) && named(event));
  const first = events.find((event) => isSale(event) && named(event)) ?? events.find(named);
  const isUnnamed = events.some(
    (event) =>
      event.order_kind === 'snapshot' &&
      !named(event) &&
      !event.order_faults.some((fault) => fault.startsWith('currency ')),
  );
  return stated?.order_currency ?? first?.order_currency ?? (isUnnamed ? workspaceCurrency : '');
}

interface Money {
  readonly total: bigint | null;
  readonly refunded: bigint | null;
  readonly isWhole: boolean;
  readonly isUnreadable: boolean;
  /** What is in no sum, for it is of another currency, in words. */
  readonly foreign: readonly string[];
}

function moneyOf(events: readonly OrderEvent[], currency: string): Money {
  const lines = sumsOf(events, ({ order_kind, total }) => (order_kind === 'lines' ? total : null));
  const given = sumsOf(events, ({ order_kind, refunded }) =>
    order_kind === 'lines' || order_kind === 'refund' ? refunded : null,
  );
  const stated = lastOf(events, isStated);
  const unstated = events.filter(({ order_kind, refunded }) => order_kind === 'refund' && refunded === null);
  const isWhole = unstated.some(({ order_faults }) => order_faults.length === 0);
  const ofOthers = foreignIn(given, currency);
  const isUnreadable = unstated.some(({ order_faults }) => order_faults.length > 0) || ofOthers.length > 0;
  const [sold, back] = [ownOf(lines, currency), ownOf(given, currency)];
  const total = sold === null && stated === null ? null : (sold ?? 0n) + millionths(stated?.total ?? '0');
  const returned = isUnreadable && back === null ? null : (back ?? 0n) + millionths(stated?.refunded ?? '0');
  const named = (what: string, codes: readonly (readonly [string, bigint])[]): string[] =>
    codes.map(([code, sum]) => `${what} of ${decimalText(sum)} ${code}: the order is in ${currency}`);
  return {
    ...{ total, refunded: isWhole ? total : returned, isWhole, isUnreadable },
    foreign: [...named('lines', foreignIn(lines, currency)), ...named('refund', ofOthers)],
  };
}

/** By currency; '' where none was named. */
function sumsOf(events: readonly OrderEvent[], of: (event: OrderEvent) => string | null): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const event of events) {
    const amount = of(event);
    if (amount === null) continue;
    sums.set(event.order_currency, (sums.get(event.order_currency) ?? 0n) + millionths(amount));
  }
  return sums;
}

/** What is of the order's currency, or of none that was named; null where nothing is. */
function ownOf(sums: ReadonlyMap<string, bigint>, currency: string): bigint | null {
  if (!sums.has(currency) && !sums.has('')) return null;
  return (sums.get(currency) ?? 0n) + (currency === '' ? 0n : (sums.get('') ?? 0n));
}

function foreignIn(sums: ReadonlyMap<string, bigint>, currency: string): (readonly [string, bigint])[] {
  return [...sums].filter(([code, sum]) => code !== '' && code !== currency && sum !== 0n);
}

/** Cancelled, and not sold again since. */
function wasCancelled(events: readonly OrderEvent[]): boolean {
  const last = events.findLast(({ order_kind }) => order_kind !== 'refund');
  return last?.order_kind === 'cancel';
}

function statusOf({ total, refunded, isWhole, isUnreadable }: Money): string {
  const cameBack = refunded !== null && refunded > 0n;
  if (total === 0n && cameBack) return 'returned';
  if (isWhole || (cameBack && total !== null && refunded >= total)) return 'refunded';
  return isUnreadable || cameBack ? 'partially_refunded' : 'completed';
}

function faultsOf(events: readonly OrderEvent[], { foreign }: Money): string[] {
  const ofLines = events.filter(({ order_kind }) => order_kind === 'lines' || order_kind === 'refund');
  const said = lastOf(
    events,
    (event) => event.order_kind === 'snapshot' && (event.total !== null || event.order_faults.length > 0),
  );
  const all = [...ofLines.flatMap(({ order_faults }) => order_faults), ...(said?.order_faults ?? []), ...foreign];
  return [...new Set(all)].sort();
}

function textOf(value: bigint | null): string | null {
  return value === null ? null : decimalText(value);
}
