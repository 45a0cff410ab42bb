import type { PartialDate } from '../fields/dates.ts';
import { int32 } from '../memory.ts';
import { edits } from '../text/edits.ts';
import { hashText } from '../text/hash.ts';
import { leastEditsOf, tallyLetters } from '../text/sketch.ts';
import { type Comparator, level, MISSING, SCOPES } from './comparator.ts';

export const DATE_KEYS = ['date', 'yearMonth', 'monthDay', 'yearDay', 'year'] as const;

export function dateKeys({ year, month, day, digits }: PartialDate): readonly string[] {
  const known = year > 0 && month > 0 && day > 0;
  return [
    digits,
    year > 0 && month > 0 ? `${year}-${month}` : '',
    known && (month > 1 || day > 1) ? `${month}-${day}` : '',
    known ? `${year}/${day}` : '',
    year > 0 ? String(year) : '',
  ];
}

const LEVELS = [
  level('exact', 0.82, 0.0001, 0),
  level('day and month swapped', 0.01, 0.00005),
  level('one slip', 0.06, 0.0015),
  level('same year, one without a day', 0.02, 0.0008),
  level('two of three parts', 0.04, 0.004),
  level('two slips', 0.02, 0.02),
  level('!same year', 0.01, 0.012),
  level('!different', 0.03, 0.96),
];

/** @param name of its column; @param group `birth`, or its own name for another date */
export function dateComparator(name: string, group: string): Comparator<PartialDate> {
  return { name, group, scope: SCOPES.personal, shared: 0.02, levels: LEVELS, compare, prepare };
}

function compare(a: PartialDate, b: PartialDate): number {
  if (a.digits === b.digits) return 0;
  if (a.year === 0 || b.year === 0) return MISSING;
  const sameYear = a.year === b.year;
  if (sameYear && a.month === b.day && a.day === b.month) return 1;
  const slips = edits(a.digits, b.digits, 3);
  if (slips === 1) return 2;
  if (sameYear && (isVague(a) || isVague(b))) return 3;
  const parts = Number(sameYear) + Number(a.month === b.month) + Number(a.day === b.day);
  if (parts === 2) return 4;
  if (slips === 2 || (slips === 3 && (isBroken(a) || isBroken(b)))) return 5;
  return sameYear ? 6 : 7;
}

/** Where digits are missing, slips come in numbers: `197110` for `19271013`. */
function isBroken({ digits }: PartialDate): boolean {
  return digits.length !== 8;
}

/** 1 January stands for "some day of that year" in many systems. */
function isVague({ month, day }: PartialDate): boolean {
  return month === 0 || day === 0 || (month === 1 && day === 1);
}

/** Numbers of a value: hash of the date, its year, month and day, tally of its digits, is it vague. */
const STRIDE = 7;

function prepare(values: readonly PartialDate[]): (x: number, y: number) => number {
  const sketches = int32(values.length * STRIDE);
  values.forEach((date, code) => {
    const at = code * STRIDE;
    sketches[at] = hashText(date.digits);
    sketches[at + 1] = date.year;
    sketches[at + 2] = date.month;
    sketches[at + 3] = date.day;
    tallyLetters(date.digits, sketches, at + 4);
    sketches[at + 6] = Number(isVague(date));
  });
  return (x, y) => {
    const [at, to] = [x * STRIDE, y * STRIDE];
    if (sketches[at] === sketches[to]) return compare(values[x]!, values[y]!);
    const [year, other] = [sketches[at + 1]!, sketches[to + 1]!];
    const vague = sketches[at + 6]! + sketches[to + 6]! > 0;
    const months = Number(sketches[at + 2] === sketches[to + 2]);
    const days = Number(sketches[at + 3] === sketches[to + 3]);
    const least = leastEditsOf(sketches, at + 4, to + 4);
    if (least <= 3 || year === 0 || other === 0 || (year === other && vague) || months + days === 2)
      return compare(values[x]!, values[y]!);
    // Four slips and more, and no two parts agree but for the year and another one
    return year !== other ? 7 : months + days === 1 ? 4 : 6;
  };
}
