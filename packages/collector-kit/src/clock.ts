import type { Micros } from '@kenal/contracts';

/** Tells the time; an argument everywhere, so that tests say what time it is. */
export type Clock = () => Micros;
