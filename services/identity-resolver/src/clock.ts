import type { Micros } from '@kenal/contracts';

/** The machine's clock. */
export const systemClock = (): Micros => Math.round((performance.timeOrigin + performance.now()) * 1_000);
