import type { OrderLines } from '@kenal/analytics';
import { RowReader } from '../thread/row-reader.ts';

/** Lines of orders in numbers, with the names behind these. */
export interface Lines {
  /** Every order: which order, which item. */
  readonly baskets: { readonly basket: Int32Array; readonly item: Int32Array };
  /** Orders of known customers. */
  readonly lines: OrderLines;
  /** By number, sorted. */
  readonly customers: readonly string[];
  readonly items: readonly string[];
  readonly orders: number;
}

/** What `createLinesReader` asks for; sorted by customer, then by order. */
export const LINE_COLUMNS = 'profile_id, order_key, item_id, at';

/** @param bytes RowBinary of {@link LINE_COLUMNS}; `at` in days since 1970-01-01, Float64 */
export function readLines(bytes: Uint8Array): Lines {
  const reader = new RowReader(bytes);
  const raw = { customer: [] as number[], order: [] as number[], item: [] as number[], at: [] as number[] };
  const customers: string[] = [];
  const items = new Map<string, number>();
  let [who, key, order] = ['', '', -1];
  let nobody = 0; // lines without a customer come first
  while (!reader.isDone) {
    const [profile, orderKey, item, at] = [reader.text(), reader.text(), reader.text(), reader.float64()];
    if (profile !== who) customers.push(profile);
    if (profile !== who || orderKey !== key) order += 1;
    [who, key] = [profile, orderKey];
    const number = items.get(item) ?? items.size;
    items.set(item, number);
    raw.customer.push(customers.length - 1);
    raw.order.push(order);
    raw.item.push(number);
    raw.at.push(at);
    if (profile === '') nobody += 1;
  }
  const { names, numberOf } = sorted(items);
  const item = Int32Array.from(raw.item, (number) => numberOf[number]!);
  const firstOrder = raw.order[nobody] ?? 0;
  return {
    baskets: { basket: Int32Array.from(raw.order), item },
    lines: {
      ...{ customers: customers.length, items: names.length, orders: order + 1 - firstOrder },
      ...{ customer: Int32Array.from(raw.customer.slice(nobody)), item: item.slice(nobody) },
      order: Int32Array.from(raw.order.slice(nobody), (one) => one - firstOrder),
      at: Float64Array.from(raw.at.slice(nobody)),
    },
    ...{ customers, items: names, orders: order + 1 },
  };
}

/** Numbers by name, so that equal scores fall alike whatever was read first. */
function sorted(items: ReadonlyMap<string, number>): { readonly names: string[]; readonly numberOf: Int32Array } {
  const names = [...items.keys()].sort((one, other) => (one < other ? -1 : 1));
  const numberOf = new Int32Array(names.length);
  for (const [place, name] of names.entries()) numberOf[items.get(name)!] = place;
  return { names, numberOf };
}
