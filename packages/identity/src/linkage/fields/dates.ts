/** A calendar date of which parts may be unknown (0). */
export interface PartialDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** `YYYYMMDD` as it was written, also where that is no day of a calendar: a slip of the pen still resembles its date. */
  readonly digits: string;
}

// `1971-06-24`, `1971/6/24`, `1971-06-24T00:00:00Z`, `1971.06`, `1971`
const YEAR_FIRST = /^(\d{4})(?:[-/. ](\d{1,2})(?:[-/. ](\d{1,2})(?:[T ].*)?)?)?$/;
// `24.06.1971`, `6/24/1971`, `24-06-71`
const YEAR_LAST = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$/;
// `24 Jun 1971`, `June 24, 1971`
const DAY_MONTH = /^(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([a-z]{3,9})[-/., ]+(\d{4})$/i;
const MONTH_DAY = /^([a-z]{3,9})[. ]+(\d{1,2})(?:st|nd|rd|th)?[, ]+(\d{4})$/i;
// `19710624`, also one digit more or less than a slip leaves: `1971062`
const COMPACT = /^\d{6,9}$/;
/** What systems write where nobody was asked. As birthdays they would part one person's records. */
const PLACEHOLDERS = new Set(['19000101', '19700101', '00010101', '11111111', '99991231', '18991230']);
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** @param dayFirst what `03/04/1971` means; see `isDayFirst` */
export function parseDate(raw: string, dayFirst: boolean): PartialDate | null {
  const date = readDate(raw, dayFirst);
  return date === null || date.year === 0 || PLACEHOLDERS.has(date.digits) ? null : date;
}

function readDate(raw: string, dayFirst: boolean): PartialDate | null {
  const text = raw.trim();
  const iso = YEAR_FIRST.exec(text);
  if (iso !== null) return dateOf(Number(iso[1]), Number(iso[2] ?? 0), Number(iso[3] ?? 0));
  const last = YEAR_LAST.exec(text);
  if (last !== null) return yearLast(Number(last[1]), Number(last[2]), last[3]!, dayFirst);
  if (COMPACT.test(text)) return compact(text);
  const named = DAY_MONTH.exec(text);
  if (named !== null) return dateOf(Number(named[3]), monthOf(named[2]!), Number(named[1]));
  const american = MONTH_DAY.exec(text);
  return american === null ? null : dateOf(Number(american[3]), monthOf(american[1]!), Number(american[2]));
}

/** Whether the day stands before the month in a column: the order in which more of its dates exist. */
export function isDayFirst(values: readonly string[]): boolean {
  let [day, month] = [0, 0];
  for (const value of values) {
    const found = YEAR_LAST.exec(value.trim());
    if (found === null) continue;
    if (Number(found[1]) > 12) day += 1;
    if (Number(found[2]) > 12) month += 1;
  }
  return day >= month;
}

function yearLast(first: number, second: number, year: string, dayFirst: boolean): PartialDate {
  const full = year.length === 4 ? Number(year) : Number(year) + (Number(year) > 30 ? 1900 : 2000);
  const isDayThenMonth = (dayFirst || first > 12) && second <= 12;
  return isDayThenMonth ? dateOf(full, second, first) : dateOf(full, first, second);
}

function compact(text: string): PartialDate {
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6, 8))];
  return { year, month, day, digits: text };
}

function dateOf(year: number, month: number, day: number): PartialDate {
  const pad = (part: number, size: number): string => String(part).padStart(size, '0');
  return { year, month, day, digits: pad(year, 4) + pad(month, 2) + pad(day, 2) };
}

function monthOf(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}
