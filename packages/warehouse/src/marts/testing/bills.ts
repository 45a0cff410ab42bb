import { BEGIN, type Below, type Cents, createBelow, DAY, decimal, HOUR, toldRow } from './seeded.ts';

export interface TrueBill {
  readonly id: string;
  readonly source: string;
  readonly owner: string;
  readonly currency: string;
  readonly amount: Cents;
  readonly issuedAt: number;
  readonly dueAt: number | null;
  /** Its source says itself that it is paid; else payments that come to the amount do. */
  readonly isSaid: boolean;
  readonly payments: readonly { readonly at: number; readonly cents: Cents }[];
  /** What came in another currency: it settles nothing. */
  readonly astray: { readonly at: number; readonly cents: Cents; readonly currency: string } | null;
}

/** A try that failed, and how often each of the two events told of it. */
export interface TrueFailure {
  readonly source: string;
  readonly owner: string;
  readonly currency: string;
  readonly at: number;
  readonly bill: string;
  readonly asPayment: boolean;
  readonly asInvoice: boolean;
}

export interface Bills {
  readonly rows: readonly object[];
  readonly bills: readonly TrueBill[];
  readonly failures: readonly TrueFailure[];
}

const BILLS = 200;

/** Invoices: of a vendor that charges cards, and of a ledger that waits for transfers, some in parts. */
export function createBills(seed: number, owners: readonly string[]): Bills {
  const below = createBelow(seed);
  const rows: object[] = [];
  const failures: TrueFailure[] = [];
  const bills = Array.from({ length: BILLS }, (_, n) => {
    const owner = owners[Math.min(below(owners.length), below(owners.length))]!;
    const bill = below(2) === 0 ? charge(below, n, owner, rows) : transfer(below, n, owner, rows);
    for (let tries = below(6) === 0 ? 1 + below(2) : 0; tries > 0; tries--)
      failures.push(fail(below, rows, `${n}/${tries}`, bill));
    return bill;
  });
  // A try with a test key is none
  const test = { invoice_id: 'test', amount: '5.00', currency: 'EUR', test: true };
  for (const name of ['Invoice Due', 'Payment Failed'])
    rows.push(toldRow({ id: name, source: 'cards', ms: BEGIN, owner: owners[0]!, name, properties: test }));
  return { rows, bills, failures };
}

/** Due at once, or at a second since 1970; says itself that it is paid. */
function charge(below: Below, n: number, owner: string, rows: object[]): TrueBill {
  const [id, source, currency] = [`i${n}`, 'cards', below(5) === 0 ? 'USD' : 'EUR'];
  const [issuedAt, amount] = [BEGIN + below(90 * 24) * HOUR, 100 + below(9_000)];
  const dueAt = below(2) === 0 ? null : issuedAt + below(20) * DAY;
  const paidAt = below(5) === 0 ? null : issuedAt + below(40 * 24) * HOUR;
  const say = (part: string, ms: number, name: string, told: object): void => {
    rows.push(
      toldRow({ id: `${id}${part}`, source, ms, owner, name, properties: { invoice_id: id, currency, ...told } }),
    );
  };
  say('due', issuedAt, 'Invoice Due', { amount_due: decimal(amount), due_at: dueAt && dueAt / 1_000 });
  if (paidAt !== null) {
    say('paid', paidAt, 'Invoice Paid', { value: decimal(amount) });
    // The same money, told by the payment
    say('money', paidAt - HOUR, 'Payment Succeeded', { value: decimal(amount) });
  }
  const payments = paidAt === null ? [] : [{ at: paidAt, cents: amount }];
  return { id, source, owner, currency, amount, issuedAt, dueAt, isSaid: true, payments, astray: null };
}

/** Due on a day; paid by one transfer or more, that name it. Its events name no currency where it is the workspace's. */
function transfer(below: Below, n: number, owner: string, rows: object[]): TrueBill {
  const [id, source, currency] = [`t${n}`, 'ledger', below(5) === 0 ? 'USD' : 'EUR'];
  const [issuedAt, amount] = [BEGIN + below(90 * 24) * HOUR, 100 + below(9_000)];
  const dueAt = issuedAt + (5 + below(20)) * DAY;
  // Whoever pays in another currency than was asked for, at once and as much
  const astray = n % 5 === 0 ? { at: issuedAt + HOUR, cents: amount, currency: 'CHF' } : null;
  const named = currency === 'EUR' && astray === null ? {} : { currency: currency.toLowerCase() };
  const say = (part: string, ms: number, name: string, told: object): void => {
    rows.push(
      toldRow({ id: `${id}${part}`, source, ms, owner, name, properties: { invoice_id: id, ...named, ...told } }),
    );
  };
  say('due', issuedAt, 'Invoice Due', { total: decimal(amount), due_at: new Date(dueAt).toISOString() });
  const part = 1 + below(amount - 1);
  const sums = [[amount], [part, amount - part], [part], []][below(4)]!;
  const payments = sums.map((cents, i) => ({ at: issuedAt + (i * 10 * 24 + below(10 * 24)) * HOUR + i, cents }));
  for (const [i, { at, cents }] of payments.entries())
    say(`p${i}`, at, 'Payment Succeeded', { amount: decimal(cents) });
  if (astray !== null) say('x', astray.at, 'Payment Succeeded', { amount: decimal(amount), currency: astray.currency });
  return { id, source, owner, currency, amount, issuedAt, dueAt, isSaid: false, payments, astray };
}

/** Cards: told of twice, or, as of a purchase without an invoice, once. The ledger tells of the invoice alone. */
function fail(below: Below, rows: object[], id: string, bill: TrueBill): TrueFailure {
  const { source, owner, currency } = bill;
  const isCard = source === 'cards';
  const [asPayment, asInvoice] = [isCard, !isCard || below(3) > 0];
  const at = bill.issuedAt + below(200) * HOUR;
  const say = (name: string, properties: object): void => {
    rows.push(toldRow({ id: `${name}${id}`, source, ms: at, owner, name, properties: { currency, ...properties } }));
  };
  if (asPayment) say('Payment Failed', asInvoice && below(2) === 0 ? { invoice_id: bill.id } : {});
  if (asInvoice) say('Invoice Payment Failed', { invoice_id: bill.id, amount_due: decimal(bill.amount) });
  return { source, owner, currency, at, bill: bill.id, asPayment, asInvoice };
}
