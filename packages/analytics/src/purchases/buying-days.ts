/**
 * Days on which customers bought, each once, with what it brought: the ground of all that is said of them.
 * Rows `starts[c]` to `starts[c + 1]` are those of customer c, ascending by day.
 */
export interface BuyingDays {
  /** Names, sorted. */
  readonly customers: readonly string[];
  readonly starts: Int32Array;
  /** Days since any fixed day, whole. */
  readonly day: Int32Array;
  /** What was paid on that day, all purchases together. */
  readonly value: Float64Array;
  /** How many purchases, or lines of one, that day had. */
  readonly lines: Int32Array;
  /** Sum over these lines of the logarithm of pieces. */
  readonly logUnits: Float64Array;
}

export interface BuyingDaysBuilder {
  /** @param day whole, ± 10 million; @param value finite; @param units pieces, above 0; 1 where nobody counts them */
  add(customer: string, day: number, value: number, units?: number): void;
  build(): BuyingDays;
}

/** Gathers purchases in any order. A day with several counts once: the models count days (Fader, Hardie & Lee 2005). */
export function createBuyingDays(): BuyingDaysBuilder {
  const codes = new Map<string, number>();
  const [customer, day, value, units]: [number[], number[], number[], number[]] = [[], [], [], []];
  return {
    add(name, when, amount, pieces = 1) {
      const code = codes.get(name) ?? codes.size;
      codes.set(name, code);
      customer.push(code);
      day.push(when);
      value.push(amount);
      units.push(pieces);
    },
    build() {
      const customers = [...codes.keys()].sort((one, other) => (one < other ? -1 : 1));
      const rankOf = new Int32Array(customers.length);
      for (const [rank, name] of customers.entries()) rankOf[codes.get(name)!] = rank;
      const order = orderOf(
        customer.map((code) => rankOf[code]!),
        day,
      );
      return merged(customers, order, (row) => ({
        customer: rankOf[customer[row]!]!,
        day: day[row]!,
        value: value[row]!,
        units: units[row]!,
      }));
    },
  };
}

const MOST_DAYS = 2 ** 25;

/** Rows by customer and day; equal ones as they came, so that sums do not hang on the sort. */
function orderOf(customer: readonly number[], day: readonly number[]): Uint32Array {
  const keys = Float64Array.from(customer, (one, row) => one * MOST_DAYS + day[row]! + MOST_DAYS / 2);
  return Uint32Array.from({ length: keys.length }, (_, row) => row).sort((i, j) => keys[i]! - keys[j]! || i - j);
}

interface Bought {
  readonly customer: number;
  readonly day: number;
  readonly value: number;
  readonly units: number;
}

function merged(customers: readonly string[], order: Uint32Array, rowAt: (row: number) => Bought): BuyingDays {
  const starts = new Int32Array(customers.length + 1);
  const [day, lines] = [new Int32Array(order.length), new Int32Array(order.length)];
  const [value, logUnits] = [new Float64Array(order.length), new Float64Array(order.length)];
  let [at, owner] = [-1, -1];
  for (const row of order) {
    const bought = rowAt(row);
    if (bought.customer !== owner || bought.day !== day[at]) {
      at += 1;
      day[at] = bought.day;
      if (bought.customer !== owner) starts[bought.customer] = at;
      owner = bought.customer;
    }
    value[at]! += bought.value;
    logUnits[at]! += Math.log(bought.units);
    lines[at]! += 1;
  }
  starts[customers.length] = at + 1;
  const used = <Column extends Int32Array | Float64Array>(column: Column) => column.slice(0, at + 1) as Column;
  return { customers, starts, day: used(day), value: used(value), lines: used(lines), logUnits: used(logUnits) };
}
