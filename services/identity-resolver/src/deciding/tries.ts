import { setTimeout as sleep } from 'node:timers/promises';
import { KenalError } from '@kenal/errors';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import { AT_ONCE } from './effort.ts';

const FIRST_BACKOFF_MS = 2;
const LONGEST_BACKOFF_MS = 200;
/** Chunks of a shelf double, and a hub looks at some neighbours at a time; who wants more than this is at fault. */
const MOST_LOOKS = 200;

/**
 * Counts attempts, and waits between those that lost a race.
 * @param mostLosses a component that loses so often is fought over; who wanted it is told to come again
 */
export function createTries(metrics: ResolverMetrics, mostLosses = AT_ONCE.mostLosses) {
  let [losses, looks] = [0, 0];
  return {
    looked(more: boolean): void {
      looks = more ? looks + 1 : 0;
      if (looks > MOST_LOOKS) throw new KenalError('unavailable', 'a decision wants to see more and more');
    },
    async lost(items: number): Promise<void> {
      metrics.races.inc(items);
      losses += 1;
      if (losses === mostLosses) throw new KenalError('unavailable', 'a component is fought over');
      await sleep(Math.random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** losses));
    },
  };
}
