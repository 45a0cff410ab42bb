import { at, listOf, NOTHING, textOf } from '@kenal/collector-kit';
import { amountOf, currencyOf } from './amount.ts';
import { idOf, objectId, payerOf, type StripeFrame, type StripeMapping } from './frame.ts';
import { made } from './made.ts';

/** Statuses of a contract that nobody has entered yet: its first invoice is not paid. */
const NOT_BEGUN: ReadonlySet<string> = new Set(['incomplete', 'incomplete_expired']);

/** customer.subscription.created. */
export const subscriptionCreated: StripeMapping = (frame) =>
  NOT_BEGUN.has(textOf(frame.object, 'status') ?? '') ? NOTHING : contract(frame, 'Contract Started');

/** customer.subscription.updated: begun (its first invoice is paid), renewed (a new period), or changed. */
export const subscriptionUpdated: StripeMapping = (frame) => {
  const { object, previous } = frame;
  if (NOT_BEGUN.has(textOf(object, 'status') ?? '')) return NOTHING;
  if (NOT_BEGUN.has(textOf(previous, 'status') ?? '')) return contract(frame, 'Contract Started');
  const [now, before] = [periodOf(object), periodOf(previous)];
  return contract(frame, before !== null && now !== null && now > before ? 'Contract Renewed' : 'Contract Updated');
};

/** customer.subscription.deleted, .paused, .resumed. */
export function subscription(event: string): StripeMapping {
  return (frame) => contract(frame, event);
}

function contract(frame: StripeFrame, event: string): ReturnType<StripeMapping> {
  const { object } = frame;
  const id = objectId(frame);
  if (!id.ok) return id;
  return made(frame, {
    // Begun once, however it is told
    ...(event === 'Contract Started' ? { messageId: `${id.value}.started` } : {}),
    event,
    subject: payerOf(frame, {}),
    properties: {
      contract_id: id.value,
      status: textOf(object, 'status'),
      currency: currencyOf(object.currency),
      period_start: periodOf(object),
      period_end: at(object, 'current_period_end') ?? at(object, 'items', 'data', 0, 'current_period_end'),
      trial_end: at(object, 'trial_end'),
      ends_at: at(object, 'ended_at') ?? at(object, 'cancel_at'),
      reason: textOf(object, 'cancellation_details', 'feedback') ?? textOf(object, 'cancellation_details', 'reason'),
      items: listOf(object, 'items', 'data').map((item) => ({
        product_id: idOf(item, 'price', 'product'),
        price_id: idOf(item, 'price', 'id'),
        quantity: at(item, 'quantity'),
        price: amountOf(
          at(item, 'price', 'unit_amount_decimal') ?? at(item, 'price', 'unit_amount'),
          at(item, 'price', 'currency'),
        ),
        interval: textOf(item, 'price', 'recurring', 'interval'),
        interval_count: at(item, 'price', 'recurring', 'interval_count'),
      })),
    },
  });
}

/** Seconds since 1970; since 2025-03-31 each item has its own. */
function periodOf(object: unknown): number | null {
  const start = at(object, 'current_period_start') ?? at(object, 'items', 'data', 0, 'current_period_start');
  return typeof start === 'number' ? start : null;
}
