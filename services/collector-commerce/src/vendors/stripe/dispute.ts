import { at, textOf } from '@kenal/collector-kit';
import { amountOf, currencyOf } from './amount.ts';
import { idOf, objectId, payerOf, type StripeFrame, type StripeMapping } from './frame.ts';
import { made } from './made.ts';

/** charge.dispute.*: the payer's bank takes the money back, or does not. One case from first to last. */
export function dispute(event: string): StripeMapping {
  return (frame) => {
    const { object } = frame;
    const id = objectId(frame);
    if (!id.ok) return id;
    return made(frame, {
      event,
      subject: payerOf(frame, evidenceOf(frame)),
      caseId: id.value,
      properties: {
        dispute_id: id.value,
        payment_id: idOf(object, 'payment_intent'),
        charge_id: idOf(object, 'charge'),
        amount: amountOf(object.amount, object.currency),
        currency: currencyOf(object.currency),
        status: textOf(object, 'status'),
        reason: textOf(object, 'reason'),
      },
    });
  };
}

function evidenceOf({ object }: StripeFrame): Record<string, unknown> {
  return { email: at(object, 'evidence', 'customer_email_address'), name: at(object, 'evidence', 'customer_name') };
}
