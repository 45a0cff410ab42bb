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
  const most = Math.ceil(bytes.length / BYTES_OF_A_DAY);
  const [day, gross, orders, units] = [new Int32Array(most), ...[0, 1, 2].map(() => new Float64Array(most))] as Columns;
  let end = 0;
  while (!reader.isDone) {
    profiles.push(reader.text());
    currencies.push(reader.word());
    const count = reader.count();
    for (let at = 0; at < count; at += 1) day[end + at] = reader.int32();
    reader.count();
    for (let at = 0; at < count; at += 1) gross[end + at] = reader.float64();
    reader.count();
    for (let at = 0; at < count; at += 1) orders[end + at] = reader.uint32();
    reader.count();
    for (let at = 0; at < count; at += 1) units[end + at] = reader.float64();
    returned.push(readReturned(reader));
    products.push(reader.uint32());
    hashes.push(reader.uint64());
    end += count;
    starts.push(end);
  }
  const filled = <T extends Int32Array | Float64Array>(column: T): T => column.subarray(0, end) as T;
  return {
    ...{ profiles, currencies, returned, products, hashes, starts: Int32Array.from(starts), day: filled(day) },
    ...{ gross: filled(gross), orders: filled(orders), units: filled(units) },
  };
}

const NOTHING: Returned = { days: [], amounts: [] };

function readReturned(reader: RowReader): Returned {
  const days = Array.from({ length: reader.count() }, () => reader.int32());
  const amounts = Array.from({ length: reader.count() }, () => reader.float64());
  return days.length === 0 ? NOTHING : { days, amounts };
}

type Columns = [Int32Array, Float64Array, Float64Array, Float64Array];
/** Of its day, value, orders and pieces. */
const BYTES_OF_A_DAY = 4 + 8 + 4 + 8;

/** Days of one row each, as models of repeat buying see them, a currency at a time. */
export interface RowDays {
  readonly days: BuyingDays;
  /** Which row each of its customers is: rows without a day are none. */
  readonly rows: Int32Array;
}

export function daysOfRows({ profiles, starts, day, gross, orders }: BuyingPart): RowDays {
  const rows = Int32Array.from(profiles.keys()).filter((row) => starts[row + 1]! > starts[row]!);
  // Days of the rows that are left stand side by side as before
  const begins = new Int32Array(rows.length + 1);
  for (let at = 0; at < rows.length; at += 1) begins[at] = starts[rows[at]!]!;
  begins[rows.length] = day.length;
  const columns = { day, value: gross, lines: Int32Array.from(orders), logUnits: new Float64Array(day.length) };
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
  const days = new DaysWriter(part);
  for (let from = 0; from < profiles.length; ) {
    let to = from + 1;
    while (to < profiles.length && profiles[to] === profiles[from]) to += 1;
    const begin = days.length;
    const scaleOf = (row: number): number => USUAL_DAY / (medians[currencies[row]!] ?? 1);
    if (to === from + 1) for (let at = starts[from]!; at < starts[to]!; at += 1) days.add(at, scaleOf(from), begin);
    else for (const { at, row } of inOrder(part, from, to)) days.add(at, scaleOf(row), begin);
    if (days.length > begin) {
      customers.push(profiles[from]!);
      ends.push(days.length);
    }
    from = to;
  }
  return { customers, starts: Int32Array.from(ends), ...days.columns() };
}

/** Days of several rows, by time. */
function inOrder({ starts, day }: BuyingPart, from: number, to: number): { at: number; row: number }[] {
  const places: { at: number; row: number }[] = [];
  for (let row = from; row < to; row += 1)
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) places.push({ at, row });
  return places.sort((one, other) => day[one.at]! - day[other.at]! || one.at - other.at);
}

/** Days of customers, one behind the other: there are no more of them than of rows. */
class DaysWriter {
  length = 0;
  readonly #part: BuyingPart;
  readonly #day: Int32Array;
  readonly #value: Float64Array;
  readonly #lines: Int32Array;
  readonly #logUnits: Float64Array;

  constructor(part: BuyingPart) {
    this.#part = part;
    const most = part.day.length;
    [this.#day, this.#lines] = [new Int32Array(most), new Int32Array(most)];
    [this.#value, this.#logUnits] = [new Float64Array(most), new Float64Array(most)];
  }

  /** @param begin where the customer's days begin: what is of the same day is one */
  add(at: number, scale: number, begin: number): void {
    const { day, gross, orders, units } = this.#part;
    const [lines, pieces] = [Math.max(1, orders[at]!), units[at]!];
    const last = this.length - 1;
    const to = last >= begin && this.#day[last] === day[at] ? last : this.length;
    this.#day[to] = day[at]!;
    this.#value[to]! += gross[at]! * scale;
    this.#lines[to]! += lines;
    this.#logUnits[to]! += pieces > 0 ? lines * Math.log(pieces / lines) : 0;
    this.length = to + 1;
  }

  columns(): Pick<BuyingDays, 'day' | 'value' | 'lines' | 'logUnits'> {
    const [day, lines] = [this.#day, this.#lines].map((column) => column.subarray(0, this.length)) as [
      Int32Array,
      Int32Array,
    ];
    return {
      ...{ day, lines },
      value: this.#value.subarray(0, this.length),
      logUnits: this.#logUnits.subarray(0, this.length),
    };
  }
}
