import { createRateLimiter, type RateHolder } from '@kenal/collector-kit';
import type { Clock } from '@kenal/contracts';

/** Who connects, by address: how many at once, and how many mails a minute. */
export interface Addresses {
  /** @returns false where the address has as many connections as it may */
  enter(session: string, address: string): boolean;
  leave(session: string): void;
  /** @returns seconds to wait, 0: go on */
  pace(address: string): number;
}

const MOST_HOLDERS = 10_000;

export function createAddresses(clock: Clock, perAddress: number, mailsPerMinute: number): Addresses {
  const sessions = new Map<string, string>();
  const counts = new Map<string, number>();
  const holders = new Map<string, RateHolder>();
  const rates = createRateLimiter(clock, mailsPerMinute);
  return {
    enter(session, address) {
      const count = counts.get(address) ?? 0;
      if (count >= perAddress) return false;
      counts.set(address, count + 1);
      sessions.set(session, address);
      return true;
    },
    leave(session) {
      const address = sessions.get(session);
      if (address === undefined || !sessions.delete(session)) return;
      const left = (counts.get(address) ?? 1) - 1;
      if (left === 0) counts.delete(address);
      else counts.set(address, left);
    },
    pace(address) {
      const holder = holders.get(address) ?? { eventsPerSecond: mailsPerMinute / 60 };
      // The one that was heard of longest ago is forgotten
      holders.delete(address);
      holders.set(address, holder);
      if (holders.size > MOST_HOLDERS) holders.delete(holders.keys().next().value!);
      return rates.take(holder, 1);
    },
  };
}
