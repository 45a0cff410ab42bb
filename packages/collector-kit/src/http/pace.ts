import { KenalError } from '@kenal/errors';
import type { FastifyReply } from 'fastify';
import type { RateHolder, RateLimiter } from '../rate-limit.ts';

/** @throws KenalError `rate_limited`, with the seconds to wait in `Retry-After` */
export function pace(rates: RateLimiter, holder: RateHolder, events: number, reply: FastifyReply): void {
  const seconds = rates.take(holder, events);
  if (seconds === 0) return;
  reply.header('retry-after', String(seconds));
  throw new KenalError('rate_limited', `${holder.eventsPerSecond} events a second`);
}
