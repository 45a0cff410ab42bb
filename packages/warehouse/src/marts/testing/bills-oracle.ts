import type { Bills, TrueBill } from './bills.ts';
import { byKey, sum } from './desk-oracle.ts';
import { digits, type ProfileOf, quantile, type Row } from './oracle.ts';
import { DAY, dayOf } from './seeded.ts';

const days = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY;

/** A bill as the end of a day knew it. */
function judged(bill: TrueBill, asOf: string) {
  let left = bill.amount;
  let paidAt: number | null = null;
  for (const { at, cents } of bill.payments) {
    if (dayOf(at) > asOf || paidAt !== null) continue;
    left -= cents;
    if (bill.isSaid || left <= 0) paidAt = at;
  }
  const dueDay = bill.dueAt === null ? null : dayOf(bill.dueAt);
  const late = paidAt === null || dueDay === null ? null : days(dueDay, dayOf(paidAt));
  const status = paidAt !== null ? 'paid' : dueDay !== null && dueDay < asOf ? 'overdue' : 'open';
  return { ...bill, paidAt, dueDay, late, status, left: paidAt === null ? Math.max(0, left) : 0 };
}

/** Said of an invoice before it was issued, a failure would make it known: here none is. */
function known({ bills }: Bills, profileOf: ProfileOf, asOf: string) {
  return bills
    .filter(({ owner, issuedAt }) => profileOf(owner) !== null && dayOf(issuedAt) <= asOf)
    .map((bill) => ({ ...judged(bill, asOf), profile: profileOf(bill.owner)! }));
}

export function invoiceRows(all: Bills, profileOf: ProfileOf, asOf: string): Row[] {
  return byKey(
    known(all, profileOf, asOf).map((one) => ({
      ...{ source: one.source, id: one.id, profile: one.profile, currency: one.currency, amount: one.amount },
      ...{ issued: one.issuedAt, due_day: one.dueDay, paid: one.paidAt, open: one.left, late: one.late },
      status: one.status,
      left_out: one.astray === null || dayOf(one.astray.at) > asOf ? 0 : one.astray.cents,
    })),
  );
}

export function behaviourRows(all: Bills, profileOf: ProfileOf, asOf: string): Row[] {
  const bills = known(all, profileOf, asOf).map((one) => ({ ...one, key: `${one.profile} ${one.currency}` }));
  const failures = all.failures
    .filter(({ owner, at }) => profileOf(owner) !== null && dayOf(at) <= asOf)
    .map((one) => ({ ...one, key: `${profileOf(one.owner)} ${one.currency}` }));
  const keys = new Set([...bills, ...failures].map(({ key }) => key));
  return byKey(
    [...keys].map((key) => {
      const [mine, failed] = [bills.filter((one) => one.key === key), failures.filter((one) => one.key === key)];
      const late = mine.flatMap((one) => (one.late === null ? [] : [one.late]));
      const overdue = mine.filter(({ status }) => status === 'overdue');
      const none = late.length === 0;
      const tries = ['cards', 'ledger'].map((source) => {
        const there = failed.filter((one) => one.source === source);
        return Math.max(there.filter((one) => one.asPayment).length, there.filter((one) => one.asInvoice).length);
      });
      return {
        ...{ key, due: mine.length, paid: mine.filter(({ status }) => status === 'paid').length },
        ...{ open: mine.filter(({ status }) => status !== 'paid').length, overdue: overdue.length },
        ...{ open_amount: sum(mine.map(({ left }) => left)), overdue_amount: sum(overdue.map(({ left }) => left)) },
        overdue_days: overdue.length === 0 ? null : Math.max(...overdue.map(({ dueDay }) => days(dueDay!, asOf))),
        days_late_mean: none ? null : digits(sum(late) / late.length),
        days_late_median: none ? null : quantile(late, 0.5),
        days_late_worst: none ? null : Math.max(...late),
        late_share: none ? null : digits(late.filter((one) => one > 0).length / late.length),
        failed_payments: sum(tries),
        last_failed: failed.length === 0 ? null : Math.max(...failed.map(({ at }) => at)),
      };
    }),
  );
}
