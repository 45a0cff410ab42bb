import { MICROS_PER_MILLI, type Micros } from '@kenal/contracts';

/** Tells the time; an argument everywhere, so that tests say what time it is. */
export type Clock = () => Micros;

/** The machine's clock, to the millisecond. */
export const systemClock: Clock = () => Date.now() * MICROS_PER_MILLI;
