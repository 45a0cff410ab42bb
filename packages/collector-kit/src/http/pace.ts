import { KenalError } from '@kenal/errors';
import type { FastifyReply } from 'fastify';
import type { RateHolder, RateLimiter } from '../rate-limit.ts';

/**
 * @param what is counted, for the answer
 * @throws KenalError `rate_limited`, with the seconds to wait in `Retry-After`
 */
export function pace(
  rates: RateLimiter,
  holder: RateHolder,
  count: number,
  reply: FastifyReply,
  what = 'events',
): void {
  const seconds = rates.take(holder, count);
  if (seconds === 0) return;
  reply.header('retry-after', String(seconds));
  throw new KenalError('rate_limited', `${holder.eventsPerSecond} ${what} a second`);
}
