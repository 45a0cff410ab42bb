import { MICROS_PER_DAY, type Micros, parseTime } from '@kenal/contracts';

/** Whether a mail's own time can be taken: one more than a day ahead of us would be refused, and the mail with it. */
export function isTimely(date: string | null, receivedAt: Micros): date is string {
  const at = date === null ? null : parseTime(date);
  return at !== null && at <= receivedAt + MICROS_PER_DAY;
}
