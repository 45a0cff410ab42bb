import { type Mapped, textOf } from '@kenal/collector-kit';
import { digest } from '../../events/digest.ts';
import { subjectOf } from '../../events/subject.ts';
import { identify } from '../../events/track.ts';
import { billingOf, type Frame, utc } from './frame.ts';

/** customer.created, customer.updated. */
export function customer(payload: unknown, frame: Frame): Mapped {
  const { delivery, id, shop, topic } = frame;
  const { phone, address } = billingOf(payload);
  const traits = {
    email: textOf(payload, 'email'),
    phone,
    firstName: textOf(payload, 'first_name'),
    lastName: textOf(payload, 'last_name'),
    username: textOf(payload, 'username'),
    address,
  };
  const subject = subjectOf(delivery.source, traits, { type: 'woocommerce_id', value: `${shop}/${id}` });
  const timestamp = utc(payload, 'date_modified_gmt') ?? utc(payload, 'date_created_gmt');
  return { ok: true, value: [identify({ messageId: `${topic}.${id}.${digest(payload)}`, timestamp, subject })] };
}
