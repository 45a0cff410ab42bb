import type { Delivery, KenalEvent, Outcome } from '@kenal/collector-kit';
import { mailEvents } from '../mail/events.ts';
import { checkMail } from '../mail/schema.ts';

/** A mail that a reader has read → its interactions: the same for every way in. */
export function mapMail(item: unknown, { source, receivedAt }: Delivery): Outcome<readonly KenalEvent[]> {
  const read = checkMail(item);
  if (!read.ok) return read;
  const { mail, envelope } = read.value;
  return mailEvents(mail, { source, envelope, receivedAt });
}
