import { formatDecimal, multiply } from '@kenal/collector-commerce/mapping';
import { DECIMAL_PATTERN, type JsonValue } from '@kenal/contracts';
import type { CellReaders } from './cell.ts';
import type { Mapping } from './mapping-file.ts';
import type { Row } from './rows.ts';

/** What was wrong in a row, and where. */
export interface RowFault {
  readonly column: string;
  readonly reason: string;
}

export type Properties = Record<string, JsonValue>;

/**
 * Reads one line of an order as the properties of an order event. Numbers stay decimal text, so nothing is rounded;
 * a negative quantity is a return. The line's amount (`revenue`) is quantity × price, exactly.
 * @returns a fault where the order, the quantity or the price is missing or no number
 */
export function createOrderLineReader(
  order: NonNullable<Mapping['order']>,
  readers: CellReaders,
): (row: Row) => { readonly properties: Properties } | RowFault {
  const id = readers.text(order.id, 'order.id', false);
  const item = readers.text(order.item, 'order.item', false);
  const quantity = readers.decimal(order.quantity, 'order.quantity');
  const price = readers.decimal(order.price, 'order.price');
  const currency = optional(order.currency, (spec) => readers.text(spec, 'order.currency', true));
  const name = optional(order.name, (spec) => readers.text(spec, 'order.name', false));
  const category = optional(order.category, (spec) => readers.text(spec, 'order.category', false));
  const marksReturns = readers.column(order.quantity, 'order.quantity', false)?.sign === 'return';

  return (row) => {
    const cells = { id: id(row), item: item(row), quantity: quantity(row), price: price(row) };
    for (const [part, cell] of Object.entries(cells)) {
      if (!cell.ok) return cell;
      if (cell.value === null) return { column: `order.${part}`, reason: `the ${part} is empty` };
    }
    const [count, each] = [taken(cells.quantity), taken(cells.price)];
    if (count === null || each === null) return { column: 'order', reason: 'the row is not an order line' };
    if (marksReturns && count.units < 0n && each.units < 0n) {
      const reason =
        'quantity and price are both below zero: a return has a negative quantity and the price that was paid';
      return { column: 'order.price', reason };
    }
    const amount = formatDecimal(multiply(count, each));
    if (!DECIMAL_PATTERN.test(amount)) {
      return {
        column: 'order.price',
        reason: `the amount ${amount} has more than 32 digits before the point, or more than 6 behind it`,
      };
    }
    const product = {
      product_id: taken(cells.item),
      ...some('name', name?.(row)),
      ...some('category', category?.(row)),
      quantity: formatDecimal(count),
      price: formatDecimal(each),
    };
    const properties: Properties = {
      order_id: taken(cells.id),
      order_line: true,
      revenue: amount,
      products: [product],
    };
    Object.assign(properties, some('currency', currency?.(row)));
    if (marksReturns && count.units < 0n) properties.return = true;
    return { properties };
  };
}

function taken<T>(cell: { readonly ok: boolean; readonly value?: T | null }): T | null {
  return cell.ok ? (cell.value ?? null) : null;
}

function optional<S, T>(spec: S | undefined, make: (spec: S) => T): T | undefined {
  return spec === undefined ? undefined : make(spec);
}

// `{}` where there is nothing, so that it can be spread
function some(key: string, cell: { readonly ok: boolean; readonly value?: string | null } | undefined): Properties {
  const value = cell === undefined ? null : taken(cell);
  return value === null ? {} : { [key]: value };
}
