import type { Zone } from '@kenal/collector-kit';
import { MICROS_PER_DAY, MICROS_PER_MILLI } from '@kenal/contracts';

// Luxon's tokens of a time of day, a moment, or both, outside of quoted text
const OF_TIME = /[HhmsSuatTXxfF]/;

/** Whether a cell says a day and no time of it. @param format of its column, where the mapping names one */
export function isDay(text: string, format: string | undefined): boolean {
  if (format !== undefined && !/^(?:iso|epoch)$/i.test(format)) return !OF_TIME.test(format.replace(/'[^']*'/g, ''));
  return !text.includes(':') && !/^\d{9,16}(?:\.\d+)?$/.test(text.trim());
}

/** A zone in which a day begins when the one after it does: 24 hours later, but for those on which clocks change. */
export function dayLater(zone: Zone): Zone {
  const dayMs = MICROS_PER_DAY / MICROS_PER_MILLI;
  return { name: zone.name, toInstant: (wall, near) => zone.toInstant(wall + dayMs, near) };
}
