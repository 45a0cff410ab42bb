import { formatTime, parseTime } from '@kenal/contracts';

// Mon, 30 Nov 2026 10:00:00 +0100 (CET) · 30 Nov 26 10:00 EST
const MAIL_DATE =
  /^(?:[a-z]{3,9},?\s{1,4})?(\d{1,2})[\s-]{1,4}([a-z]{3})[a-z]{0,6}[\s-]{1,4}(\d{4}|\d{2})\s{1,4}(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s{0,4}([+-]\d{4}|[a-z]{1,4}))?/i;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Hours behind UTC of the zones that RFC 5322 names; any other name is UTC. */
const ZONES: Readonly<Record<string, number>> = { EST: 5, EDT: 4, CST: 6, CDT: 5, MST: 7, MDT: 6, PST: 8, PDT: 7 };

/** `Date` of a mail → ISO 8601; without a zone it is UTC, whatever machine reads it. @returns null where it is no time */
export function mailDate(value: string | null): string | null {
  const match = value === null || value.length > 200 ? null : MAIL_DATE.exec(value.trim());
  if (match === null) {
    const iso = parseTime(value?.trim());
    return iso === null ? null : formatTime(iso);
  }
  const [, day = '', name = '', year = '', hour = '', minute = '', second = '0', zone = ''] = match;
  const month = MONTHS.indexOf(name.toLowerCase());
  // Two digits are of this century below 50, and of the last one else (RFC 5322, 4.3)
  const full = year.length === 4 ? Number(year) : Number(year) + (Number(year) < 50 ? 2_000 : 1_900);
  const two = (text: string | number): string => String(text).padStart(2, '0');
  const at = parseTime(
    `${String(full).padStart(4, '0')}-${two(month + 1)}-${two(day)}T${two(hour)}:${minute}:${two(second)}${offsetOf(zone)}`,
  );
  return month === -1 || at === null ? null : formatTime(at);
}

function offsetOf(zone: string): string {
  if (/^[+-]/.test(zone)) return `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const behind = ZONES[zone.toUpperCase()];
  return behind === undefined ? 'Z' : `-0${behind}:00`;
}
