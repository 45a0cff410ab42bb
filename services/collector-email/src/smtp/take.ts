import { type Deliveries, type ReceiveDeps, receive, type Vendor } from '@kenal/collector-kit';
import { RECIPIENTS_HEADER, SENDER_HEADER } from '../vendors/smtp.ts';
import type { TakeMail } from './intake.ts';
import { refusalOf } from './refusal.ts';

/** A mail goes the way of a delivery: read, mapped, accepted, and noted whatever became of it. */
export function createTake(deps: ReceiveDeps, vendor: Vendor, deliveries: Deliveries): TakeMail {
  return async (source, body, { sender, recipients }) => {
    const began = performance.now();
    const headers = {
      'content-type': 'message/rfc822',
      [SENDER_HEADER]: sender,
      [RECIPIENTS_HEADER]: recipients.join(','),
    };
    const note = (
      entry: Pick<
        Parameters<Deliveries['note']>[1],
        'status' | 'outcome' | 'code' | 'events' | 'rejected' | 'messageIds'
      >,
    ) =>
      deliveries.note(source, {
        ...{ at: deps.clock(), method: 'SMTP', bytes: body.length, signature: 'none', ...entry },
        milliseconds: Math.round(performance.now() - began),
      });
    try {
      const { outcome, accepted, rejected, messageIds } = await receive(deps, vendor, { source, headers, body });
      const code = rejected[0]?.code ?? null;
      note({ status: 250, outcome, code, events: accepted, rejected: rejected.length, messageIds });
    } catch (error) {
      const refusal = refusalOf(error, deps.logger);
      const { code, responseCode: status } = refusal;
      note({ status, outcome: 'refused', code, events: 0, rejected: 0, messageIds: [] });
      throw refusal;
    }
  };
}
