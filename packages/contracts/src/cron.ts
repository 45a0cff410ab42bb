/** What a field of a cron expression may say. */
interface Field {
  readonly least: number;
  readonly most: number;
  /** Names of values, the first one that of `least`. */
  readonly names: readonly string[];
  /** What else may stand there, alone. */
  readonly others: RegExp;
}

const NONE = /^(?!)/;
const TIME: readonly Field[] = [59, 59, 23].map((most) => ({ least: 0, most, names: [], others: NONE }));
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAYS: readonly Field[] = [
  { least: 1, most: 31, names: [], others: /^L$/i },
  { least: 1, most: 12, names: MONTHS, others: NONE },
  { least: 0, most: 7, names: WEEKDAYS, others: /^([0-7]L|[0-7]#[1-5])$/i },
];
const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Whether it is a cron expression of 5 or 6 fields (with seconds first) that can ever come true: a star, values, names,
 * ranges, steps and lists, each within its field; the last day of a month (`L`), the last or n-th weekday of one (`5L`, `1#2`).
 */
export function isCron(text: string): boolean {
  const fields = text.split(' ');
  if (fields.length !== 5 && fields.length !== 6) return false;
  const all = [...TIME, ...DAYS].slice(-fields.length);
  return all.every((field, at) => isField(fields[at]!, field)) && isDay(...(fields.slice(-3) as Days));
}

type Days = [day: string, month: string, weekday: string];

function isField(text: string, field: Field): boolean {
  if (field.others.test(text)) return true;
  const values = text.split(',').map((part) => valuesOf(part, field));
  const all = values.flatMap((some) => some ?? []);
  // What runs it takes nothing twice
  return values.every((some) => some !== null) && new Set(all).size === all.length;
}

/** @returns null where it says nothing */
function valuesOf(part: string, field: Field): number[] | null {
  const [range = '', step = '1', ...more] = part.split('/');
  if (more.length > 0 || !/^\d{1,4}$/.test(step) || Number(step) === 0) return null;
  const bounds = boundsOf(range, part.includes('/'), field);
  if (bounds === null || bounds.from > bounds.to) return null;
  const count = Math.floor((bounds.to - bounds.from) / Number(step)) + 1;
  return Array.from({ length: count }, (_, i) => bounds.from + i * Number(step));
}

function boundsOf(range: string, isStepped: boolean, field: Field): { from: number; to: number } | null {
  const { least, most } = field;
  if (range === '*' || range === '?') return { from: least, to: most };
  const ends = range.split('-').map((end) => numberOf(end, field));
  const [from, to] = ends;
  if (ends.length > 2 || from == null || to === null) return null;
  return { from, to: to ?? (isStepped ? most : from) };
}

function numberOf(text: string, { least, most, names }: Field): number | null {
  const named = names.indexOf(text.toLowerCase());
  const value = named >= 0 ? named + least : /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return value >= least && value <= most ? value : null;
}

/** No 31st of February. */
function isDay(day: string, month: string, weekday: string): boolean {
  const [, months] = DAYS;
  const most = DAYS_OF_MONTH[(numberOf(month, months!) ?? 0) - 1] ?? 31;
  return weekday !== '*' || !/^\d+$/.test(day) || Number(day) <= most;
}
