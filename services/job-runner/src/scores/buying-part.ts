import type { BuyingDays } from '@kenal/analytics';
import { RowReader } from '../thread/row-reader.ts';

/** Buying rows of some customers, whole: parallel columns, a row for each customer and currency, those of a customer side by side. */
export interface BuyingPart {
  readonly profiles: readonly string[];
  readonly currencies: readonly string[];
  /** Where the days of a row begin; one more than there are rows. */
  readonly starts: Int32Array;
  /** Days since 1970-01-01. */
  readonly day: Int32Array;
  readonly gross: Float64Array;
  readonly orders: Float64Array;
  readonly units: Float64Array;
  /** What came back, by row: days as above, and how much on each. */
  readonly returned: readonly Returned[];
  readonly products: readonly number[];
  readonly hashes: readonly bigint[];
}

interface Returned {
  readonly days: readonly number[];
  readonly amounts: readonly number[];
}

/** Columns of a question for buying rows, as {@link readBuyingPart} reads them. */
export const BUYING_COLUMNS =
  'profile_id, toString(currency), days, gross, orders, units, returned_days, returned, products, hash';

/** @param bytes RowBinary of {@link BUYING_COLUMNS} */
export function readBuyingPart(bytes: Uint8Array): BuyingPart {
  const reader = new RowReader(bytes);
  const [profiles, currencies, products, hashes]: [string[], string[], number[], bigint[]] = [[], [], [], []];
  const returned: Returned[] = [];
  const starts = [0];
  const [day, gross, orders, units]: [number[], number[], number[], number[]] = [[], [], [], []];
  const list = (into: number[], one: () => number): void => {
    for (let left = reader.count(); left > 0; left -= 1) into.push(one());
  };
  while (!reader.isDone) {
    profiles.push(reader.text());
    currencies.push(reader.word());
    list(day, () => reader.int32());
    list(gross, () => reader.float64());
    list(orders, () => reader.uint32());
    list(units, () => reader.float64());
    const back = { days: [] as number[], amounts: [] as number[] };
    list(back.days, () => reader.int32());
    list(back.amounts, () => reader.float64());
    returned.push(back);
    products.push(reader.uint32());
    hashes.push(reader.uint64());
    starts.push(day.length);
  }
  return {
    ...{ profiles, currencies, returned, products, hashes, starts: Int32Array.from(starts), day: Int32Array.from(day) },
    ...{ gross: Float64Array.from(gross), orders: Float64Array.from(orders), units: Float64Array.from(units) },
  };
}

/** Days of one row each, as models of repeat buying see them, a currency at a time. */
export interface RowDays {
  readonly days: BuyingDays;
  /** Which row each of its customers is: rows without a day are none. */
  readonly rows: Int32Array;
}

export function daysOfRows({ profiles, starts, day, gross, orders }: BuyingPart): RowDays {
  const rows = Int32Array.from(profiles.keys()).filter((row) => starts[row + 1]! > starts[row]!);
  // Days of the rows that are left stand side by side as before
  const begins = Int32Array.of(...rows.map((row) => starts[row]!), day.length);
  const columns = { day, value: gross, lines: Int32Array.from(orders), logUnits: gross.map(() => 0) };
  return { rows, days: { customers: Array.from(rows, (row) => profiles[row]!), starts: begins, ...columns } };
}

/** Median of what a buying day brings, by currency. */
export type Medians = Readonly<Record<string, number>>;

export function mediansOf({ currencies, starts, gross }: BuyingPart): Medians {
  const all = new Map<string, number[]>();
  for (const [row, currency] of currencies.entries()) {
    const own = all.get(currency) ?? [];
    all.set(currency, own);
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) own.push(gross[at]!);
  }
  return Object.fromEntries(
    Array.from(all, ([currency, values]) => [currency, Float64Array.from(values).sort()[values.length >> 1] ?? 1]),
  );
}

/** What a median buying day counts: about as much as one does in money, so that logarithms of it are no flatter. */
const USUAL_DAY = 100;

/**
 * The buying days of each customer, whatever the currency: churn asks whether somebody comes back, not with which money. Nothing is
 * converted: a day counts in hundredths of the median day of its currency.
 */
export function daysOfCustomers(part: BuyingPart, medians: Medians): BuyingDays {
  const { profiles, currencies, starts } = part;
  const [customers, ends]: [string[], number[]] = [[], [0]];
  const rows = { day: [] as number[], value: [] as number[], lines: [] as number[], logUnits: [] as number[] };
  for (let from = 0; from < profiles.length; ) {
    let to = from + 1;
    while (to < profiles.length && profiles[to] === profiles[from]) to += 1;
    const places: { at: number; scale: number }[] = [];
    for (let row = from; row < to; row += 1) {
      const scale = USUAL_DAY / (medians[currencies[row]!] ?? 1);
      for (let at = starts[row]!; at < starts[row + 1]!; at += 1) places.push({ at, scale });
    }
    if (to > from + 1) places.sort((one, other) => part.day[one.at]! - part.day[other.at]! || one.at - other.at);
    const begin = rows.day.length;
    for (const place of places) addDay(part, place, rows, begin);
    if (places.length > 0) {
      customers.push(profiles[from]!);
      ends.push(rows.day.length);
    }
    from = to;
  }
  const { day, value, lines, logUnits } = rows;
  return {
    ...{ customers, starts: Int32Array.from(ends), day: Int32Array.from(day), value: Float64Array.from(value) },
    ...{ lines: Int32Array.from(lines), logUnits: Float64Array.from(logUnits) },
  };
}

interface Rows {
  readonly day: number[];
  readonly value: number[];
  readonly lines: number[];
  readonly logUnits: number[];
}

function addDay(part: BuyingPart, { at, scale }: { at: number; scale: number }, rows: Rows, begin: number): void {
  const [orders, units] = [Math.max(1, part.orders[at]!), part.units[at]!];
  const [value, logUnits] = [part.gross[at]! * scale, units > 0 ? orders * Math.log(units / orders) : 0];
  const last = rows.day.length - 1;
  if (last >= begin && rows.day[last] === part.day[at]) {
    rows.value[last]! += value;
    rows.lines[last]! += orders;
    rows.logUnits[last]! += logUnits;
    return;
  }
  rows.day.push(part.day[at]!);
  rows.value.push(value);
  rows.lines.push(orders);
  rows.logUnits.push(logUnits);
}
