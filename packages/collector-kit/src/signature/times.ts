import { MICROS_PER_MILLI, MICROS_PER_SECOND, type Micros, parseTime } from '@kenal/contracts';
import type { TimeUnit } from './scheme.ts';
import { refuse, type Verdict } from './verdict.ts';

const WHOLE_NUMBER = /^\d{1,15}$/;

/** @returns null where the text is not a time of that unit */
export function instantOf(text: string, unit: TimeUnit): Micros | null {
  if (unit === 'iso') return text.includes('-') ? parseTime(text) : null;
  if (!WHOLE_NUMBER.test(text)) return null;
  return Number(text) * (unit === 'seconds' ? MICROS_PER_SECOND : MICROS_PER_MILLI);
}

/** @returns null where `at` lies within the tolerance of `now`, either way */
export function staleness(at: Micros, now: Micros, toleranceSeconds: number): Verdict | null {
  const behind = Math.round((now - at) / MICROS_PER_SECOND);
  if (Math.abs(now - at) <= toleranceSeconds * MICROS_PER_SECOND) return null;
  const where = behind > 0 ? `${behind} s behind` : `${-behind} s ahead of`;
  return refuse(
    'signature_stale',
    `its time lies ${where} the clock of this server, ${toleranceSeconds} s are allowed`,
  );
}
