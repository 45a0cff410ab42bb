import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { Paused } from '@kenal/identity';
import type { Effort } from './effort.ts';

/** Milliseconds of work before others have the thread. */
const A_TURN_MS = 5;

/**
 * Does work with pauses, one piece of work after the other. Where it gives way there is as much time for others as for the
 * work: a round takes many turns of the loop, and waited for a piece in each.
 */
export function createDraw({ givesWay }: Effort) {
  let began = performance.now();
  return async function draw<R>(work: Paused<R>): Promise<R> {
    for (;;) {
      const { done, value } = work.next();
      if (done) return value;
      const took = performance.now() - began;
      if (took < A_TURN_MS) continue;
      await (givesWay ? sleep(took) : turn());
      began = performance.now();
    }
  };
}
