import { type Clock, MICROS_PER_SECOND, type Micros } from '@kenal/contracts';

/** Calls that may come at once after a pause, by a key or to a source that has fewer a second. */
export const LEAST_BURST = 10;

/** Token buckets, one a key. */
export interface RateLimiter {
  /**
   * Take `events` tokens of the holder's bucket. A batch larger than the bucket passes where that is full, and whoever comes
   * next waits until all of it is paid.
   * @returns 0 where they were there, else the seconds after which it is worth trying again (whole, ≥ 1)
   */
  take(holder: RateHolder, events: number): number;
}

/** Who is limited; told apart by identity, so one object a key. */
export interface RateHolder {
  readonly eventsPerSecond: number;
}

interface Bucket {
  tokens: number;
  filledAt: Micros;
}

/** @param burst least capacity of a bucket: what may come at once after a pause, where that is more than a second's worth */
export function createRateLimiter(clock: Clock, burst: number): RateLimiter {
  const buckets = new WeakMap<RateHolder, Bucket>();
  return {
    take(holder, events) {
      const rate = holder.eventsPerSecond;
      if (rate === Number.POSITIVE_INFINITY) return 0;
      const capacity = Math.max(rate, burst);
      const now = clock();
      let bucket = buckets.get(holder);
      if (bucket === undefined) {
        bucket = { tokens: capacity, filledAt: now };
        buckets.set(holder, bucket);
      }
      const elapsed = Math.max(0, now - bucket.filledAt);
      bucket.tokens = Math.min(capacity, bucket.tokens + (elapsed * rate) / MICROS_PER_SECOND);
      bucket.filledAt = now;
      const wanted = Math.min(events, capacity);
      if (bucket.tokens < wanted) return Math.max(1, Math.ceil((wanted - bucket.tokens) / rate));
      bucket.tokens -= events;
      return 0;
    },
  };
}
