import { recordOf, textOf } from '@kenal/collector-kit';
import { subjectOf } from '../../events/subject.ts';
import { identify } from '../../events/track.ts';
import { addressOf, objectId, referenceOf, type StripeMapping } from './frame.ts';

/** customer.created, customer.updated. */
export const customer: StripeMapping = (frame) => {
  const { object, source, account, id: messageId, created } = frame;
  const id = objectId(frame);
  if (!id.ok) return id;
  const traits = {
    email: textOf(object, 'email'),
    phone: textOf(object, 'phone'),
    name: textOf(object, 'name'),
    language: textOf(object, 'preferred_locales', 0),
    address: addressOf(recordOf(object, 'address')),
  };
  const subject = subjectOf(source, traits, referenceOf(account ?? source.id, id.value));
  return { ok: true, value: [identify({ messageId, timestamp: created, subject })] };
};
