import type { Channel } from '@kenal/contracts';
import type { Person } from './chat-event.ts';

export function personOf(account: string, id: string | null): Person | null {
  return id === null ? null : { identifiers: [{ type: 'zendesk_id', value: `${account}/${id}` }] };
}

/** By which way the ticket came. */
const CHANNELS: Readonly<Record<string, Channel>> = {
  email: 'email',
  mail: 'email',
  voice: 'phone',
  phone: 'phone',
  // An answer in a public forum of the help centre
  topic: 'community',
};

export function channelOf(via: string | null): { channel?: Channel } {
  const channel = via !== null && Object.hasOwn(CHANNELS, via.toLowerCase()) ? CHANNELS[via.toLowerCase()] : undefined;
  return channel === undefined ? {} : { channel };
}

/** `SOLVED` and `closed` are the end of a case. */
export function isSolved(status: string | null): boolean {
  return /^(?:solved|closed)$/i.test(status ?? '');
}
