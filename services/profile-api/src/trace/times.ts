import { formatTime, type Micros } from '@kenal/contracts';

/** @returns null where it is not known (0) */
export function timeOf(micros: Micros): string | null {
  return micros > 0 ? formatTime(micros) : null;
}
