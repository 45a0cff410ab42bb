import { at, type KenalEvent, listOf, refused, type Source, textOf, type Vendor } from '@kenal/collector-kit';
import type { Participant } from '@kenal/contracts';
import { required } from '../events/required.ts';
import { NOBODY, type Subject, subjectOf } from '../events/subject.ts';
import { track } from '../events/track.ts';

/** Tag of a tracking → the event. */
const BY_TAG: Readonly<Record<string, string>> = {
  Pending: 'Shipment Pending',
  InfoReceived: 'Shipment Created',
  InTransit: 'Shipment In Transit',
  OutForDelivery: 'Shipment Out for Delivery',
  AvailableForPickup: 'Shipment Ready for Pickup',
  AttemptFail: 'Shipment Delivery Failed',
  Delivered: 'Shipment Delivered',
  Exception: 'Shipment Exception',
  Expired: 'Shipment Expired',
};

/** aftership.com/docs/tracking/webhook: `{event, event_id, ts, msg}`. What it says of no parcel is ignored. */
export const aftership: Vendor = {
  kind: 'aftership',
  map(item, { source }) {
    const kind = textOf(item, 'event');
    if (kind !== 'tracking_update' && kind !== 'edd_revise') return { ok: true, value: [] };
    const messageId = required(item, 'event_id');
    if (!messageId.ok) return messageId;
    const msg = at(item, 'msg');
    const tag = textOf(msg, 'tag') ?? '';
    const known = Object.hasOwn(BY_TAG, tag) ? BY_TAG[tag]! : 'Shipment Updated';
    const event = kind === 'edd_revise' ? 'Shipment Delivery Rescheduled' : known;
    const time = at(item, 'ts');
    if (typeof time !== 'number') return refused('event_missing_field', '$.ts');
    return { ok: true, value: [shipmentOf(msg, { messageId: messageId.value, event, time, source })] };
  },
};

interface Frame {
  readonly messageId: string;
  readonly event: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly source: Source;
}

function shipmentOf(msg: unknown, { messageId, event, time, source }: Frame): KenalEvent {
  const { subject, participants } = peopleOf(msg, source);
  const last = listOf(msg, 'checkpoints').at(-1);
  return track({
    messageId,
    event,
    timestamp: time,
    subject,
    direction: 'outbound',
    ...(participants.length === 0 ? {} : { participants }),
    properties: {
      order_id: textOf(msg, 'order_id'),
      order_number: textOf(msg, 'order_number'),
      shipment_id: textOf(msg, 'id'),
      tracking_number: textOf(msg, 'tracking_number'),
      carrier: textOf(msg, 'slug'),
      status: textOf(msg, 'tag'),
      substatus: textOf(msg, 'subtag'),
      message: textOf(last, 'message') ?? textOf(msg, 'subtag_message'),
      location: textOf(last, 'location') ?? textOf(last, 'city'),
      checkpoint_time: textOf(last, 'checkpoint_time'),
      expected_delivery: textOf(msg, 'latest_estimated_delivery', 'datetime') ?? textOf(msg, 'expected_delivery'),
      delivered_at: textOf(msg, 'shipment_delivery_date'),
      signed_by: textOf(msg, 'signed_by'),
    },
  });
}

/**
 * The buyer is the subject. Whoever receives it may be somebody else, and of a list of addresses nobody can tell whose
 * they are: they link nobody.
 */
function peopleOf(msg: unknown, source: Source): { subject: Subject; participants: Participant[] } {
  const people = listOf(msg, 'customers');
  const buyers = people.filter((one) => textOf(one, 'role') !== 'receiver');
  const [buyer] = buyers;
  // Before 2024-10: {emails: […], smses: […], customer_name}
  const [emails, numbers] = [listOf(msg, 'emails'), listOf(msg, 'smses')];
  if (buyers.length === 1) {
    const traits = {
      email: textOf(buyer, 'email'),
      phone: textOf(buyer, 'phone_number'),
      name: textOf(buyer, 'name'),
      language: textOf(buyer, 'language'),
    };
    return {
      subject: subjectOf(source, traits, null),
      participants: people.filter((one) => one !== buyer).map(receiverOf),
    };
  }
  if (people.length === 0 && emails.length <= 1 && numbers.length <= 1) {
    const traits = { email: textOf(emails[0]), phone: textOf(numbers[0]), name: textOf(msg, 'customer_name') };
    return { subject: subjectOf(source, traits, null), participants: [] };
  }
  const listed = [
    ...people.map(receiverOf),
    ...emails.map((one) => receiverOf({ email: one })),
    ...numbers.map((one) => receiverOf({ phone_number: one })),
  ];
  return { subject: NOBODY, participants: listed };
}

function receiverOf(person: unknown): Participant {
  const [email, phone] = [textOf(person, 'email'), textOf(person, 'phone_number')];
  return {
    role: 'to',
    identifiers: [
      ...(email === null ? [] : [{ type: 'email', value: email }]),
      ...(phone === null ? [] : [{ type: 'phone', value: phone }]),
    ],
  };
}
