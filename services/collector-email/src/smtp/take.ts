import { type Deliveries, type ReceiveDeps, receive, type Vendor } from '@kenal/collector-kit';
import { SOURCE_HEADER, sourceName } from '../readers/source-header.ts';
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
      [SOURCE_HEADER]: sourceName(source.workspace, source.id),
    };
    const note = (
      entry: Pick<Parameters<Deliveries['note']>[1], 'status' | 'outcome' | 'code' | 'events' | 'rejected'>,
    ) =>
      deliveries.note(source, {
        ...{ at: deps.clock(), method: 'SMTP', bytes: body.length, signature: 'none', ...entry },
        milliseconds: Math.round(performance.now() - began),
      });
    try {
      const { outcome, accepted, rejected } = await receive(deps, vendor, { source, headers, body });
      note({ status: 250, outcome, code: rejected[0]?.code ?? null, events: accepted, rejected: rejected.length });
    } catch (error) {
      const refusal = refusalOf(error, deps.logger);
      note({ status: refusal.responseCode, outcome: 'refused', code: refusal.code, events: 0, rejected: 0 });
      throw refusal;
    }
  };
}
