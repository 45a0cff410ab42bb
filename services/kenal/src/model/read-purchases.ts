import { type BuyingDays, createBuyingDays } from '@kenal/analytics';
import { createZone } from '@kenal/collector-kit';
import { UsageError } from '../cli/usage-error.ts';
import { type CellReader, createCellReaders } from '../import/cell.ts';
import { openFileText } from '../import/file-text.ts';
import { openRows } from '../import/open-rows.ts';
import { asOption, createTimeReader } from '../import/time-column.ts';
import type { DecimalSign } from './decimal-sign.ts';

/** Columns of a file of purchases, one a row. */
export interface PurchaseColumns {
  readonly customer: string;
  readonly date: string;
  /** Form of the date in Luxon's tokens, where the column does not show it. */
  readonly dateFormat?: string | undefined;
  /** What was paid; with `quantity` the price of one piece. */
  readonly value?: string | undefined;
  readonly quantity?: string | undefined;
  readonly decimal?: DecimalSign | undefined;
}

const DECIMAL_FORMS = {
  comma: { decimal: ',', thousands: '.' },
  point: { decimal: '.', thousands: ',' },
} as const satisfies Readonly<Record<DecimalSign, object>>;
// "10,5" is not a number, nor "1,131.50"
const WITH_COMMA = /\d,\d[\d.,]*"/;

/** Why rows of the file are no purchases. */
export const NO_PURCHASE = {
  nobody: 'without a customer',
  unreadable: 'unreadable',
  notBought: 'returns, cancellations and gifts (quantity or price not above 0, amount below 0)',
} as const;

export interface Purchases {
  readonly days: BuyingDays;
  /** Last day with a purchase, in days since 1970. */
  readonly last: number;
  readonly rows: number;
  readonly leftOut: Readonly<Record<keyof typeof NO_PURCHASE, number>>;
  /** The first row that could not be read, and why. */
  readonly firstUnreadable: string | null;
}

const DAY_MICROS = 86_400_000_000;

/**
 * Read a file of purchases (CSV, NDJSON, JSON; .gz). A row counts where it names a customer and something was bought: with a
 * quantity, quantity and price are above 0; without, an amount of 0 counts too, for it was a purchase.
 * @throws UsageError for a column that is not there, a form of date that cannot be told, or a file without a purchase
 */
export async function readPurchases(path: string, columns: PurchaseColumns): Promise<Purchases> {
  const source = await openRows(await openFileText(path), {});
  const zone = createZone('UTC')!;
  const cells = createCellReaders(source, zone, path);
  const named = (column: string) => ({ column });
  const customer = cells.text(named(columns.customer), '--customer', false);
  const spec = { column: columns.date, ...(columns.dateFormat === undefined ? {} : { date: columns.dateFormat }) };
  const time = await createTimeReader(spec, cells, source, zone, path, '--date', asOption);
  const amountOf = createAmount(cells, columns);
  const builder = createBuyingDays();
  const leftOut = { nobody: 0, unreadable: 0, notBought: 0 };
  let [rows, last, firstUnreadable]: [number, number, string | null] = [0, Number.NEGATIVE_INFINITY, null];
  const unreadable = (line: number, reason: string): void => {
    leftOut.unreadable += 1;
    firstUnreadable ??= `line ${line}: ${reason}`;
  };
  for await (const group of source.rows()) {
    for (const found of group) {
      rows += 1;
      if (!found.ok) {
        unreadable(found.broken.line, found.broken.reason);
        continue;
      }
      const [who, when, amount] = [customer(found.row), time(found.row), amountOf(found.row)];
      const fault = [who, when, amount].find((cell) => !cell.ok);
      if (fault !== undefined && !fault.ok) unreadable(found.row.line, `${fault.column}: ${fault.reason}`);
      else if (who.ok && who.value === null) leftOut.nobody += 1;
      else if (amount.ok && amount.value === null) leftOut.notBought += 1;
      else if (who.ok && when.ok && amount.ok) {
        const day = Math.floor(when.value! / DAY_MICROS);
        builder.add(who.value!, day, amount.value!.paid, amount.value!.pieces);
        last = Math.max(last, day);
      }
    }
  }
  const days = builder.build();
  if (days.customers.length === 0)
    throw new UsageError(
      `${path} has no purchase of a customer in ${rows} rows${rows === 0 ? '' : `; ${firstUnreadable ?? tellLeftOut(leftOut)}`}`,
    );
  return { days, last, rows, leftOut, firstUnreadable };
}

export interface Amount {
  readonly paid: number;
  readonly pieces: number;
}

/** What a row brought: null where nothing was bought. */
export function createAmount(
  cells: ReturnType<typeof createCellReaders>,
  { value, quantity, decimal }: Pick<PurchaseColumns, 'value' | 'quantity' | 'decimal'>,
): CellReader<Amount> {
  const number = (column: string | undefined, where: string): CellReader<number> => {
    if (column === undefined) return () => ({ ok: true, value: null });
    const read = cells.decimal({ column, ...(decimal === undefined ? {} : DECIMAL_FORMS[decimal]) }, where);
    return (row) => {
      const cell = read(row);
      if (!cell.ok)
        return decimal === undefined && WITH_COMMA.test(cell.reason)
          ? { ...cell, reason: `${cell.reason}; say what its comma is: --decimal comma (10,5) or point (1,234.5)` }
          : cell;
      return { ok: true, value: cell.value === null ? null : Number(cell.value.units) / 10 ** cell.value.scale };
    };
  };
  const [price, count] = [number(value, '--value'), number(quantity, '--quantity')];
  return (row) => {
    const [one, many] = [price(row), count(row)];
    if (!one.ok) return one;
    if (!many.ok) return many;
    if (quantity !== undefined && !((many.value ?? 0) > 0)) return { ok: true, value: null };
    const pieces = many.value ?? 1;
    if (value === undefined) return { ok: true, value: { paid: 0, pieces } };
    const [least, paid] = [quantity === undefined ? 0 : Number.MIN_VALUE, one.value ?? -1];
    return { ok: true, value: paid >= least ? { paid: paid * pieces, pieces } : null };
  };
}

/** `135 without a customer, 3 unreadable`; empty where every row counted. */
export function tellLeftOut(leftOut: Purchases['leftOut']): string {
  const reasons = Object.entries(NO_PURCHASE) as [keyof typeof NO_PURCHASE, string][];
  return reasons.flatMap(([key, text]) => (leftOut[key] === 0 ? [] : [`${leftOut[key]} ${text}`])).join(', ');
}

export const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
