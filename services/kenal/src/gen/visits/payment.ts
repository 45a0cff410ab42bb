import { money, type Order, type Visit } from '../visit.ts';
import type { Report } from './parcel.ts';

const DAY = 86_400;
const BY_INVOICE = 0.12;
const DUE_DAYS = 14;

/** What is paid for an order: at once by card, now and then at the second try, or by invoice, mostly in time. */
export function payOrder(visit: Visit, placedAfter: number, order: Order, report: Report): void {
  const { random, currency } = visit;
  const ids = { order_id: order.id, currency };
  const amount = money(order.cents);
  if (random.chance(BY_INVOICE)) {
    const invoice = { ...ids, invoice_id: `INV-${visit.serial()}` };
    const due = new Date(visit.at + (placedAfter + DUE_DAYS * DAY) * 1_000).toISOString();
    report(DAY, 'Invoice Due', { ...invoice, total: amount, due_at: due });
    if (random.chance(0.92)) report(DAY * (2 + random.exponential(10)), 'Invoice Paid', { ...invoice, value: amount });
    return;
  }
  const payment = { ...ids, payment_id: `PAY-${visit.serial()}` };
  const isRefused = random.chance(0.05);
  if (isRefused) report(4, 'Payment Failed', { ...payment, amount, reason: 'card_declined' });
  report(isRefused ? 200 : 5, 'Payment Succeeded', { ...payment, value: amount });
}
