import { MICROS_PER_MILLI, type Micros } from '@kenal/contracts';

/** The machine's clock, to the millisecond. @returns µs since 1970 */
export const systemClock = (): Micros => Date.now() * MICROS_PER_MILLI;
