import { type Clock, MICROS_PER_MILLI } from '@kenal/contracts';

/** The machine's clock, to the millisecond. */
export const systemClock: Clock = () => Date.now() * MICROS_PER_MILLI;
