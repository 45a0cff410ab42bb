import { edits } from '../text/edits.ts';
import { type Comparator, level, type Scope } from './comparator.ts';

/** Ids, document numbers, phone numbers, postcodes: letters and digits without meaning of their own. */
export const CODE_KEYS = ['code', 'start', 'end'] as const;

export function codeKeys(value: string): readonly string[] {
  return value.length < 5 ? [value, '', ''] : [value, value.slice(0, -3), value.slice(-4)];
}

const LEVELS = [
  level('exact', 0.85, 0.0005, 0),
  level('one slip', 0.06, 0.0002),
  level('two slips', 0.02, 0.002),
  level('!same start', 0.03, 0.01, 1),
  level('!different', 0.04, 0.985),
];

export function codeComparator(name: string, group: string, scope: Scope, shared: number): Comparator<string> {
  return { name, group, scope, shared, isHome: group === 'phone', levels: LEVELS, compare };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  const slips = edits(a, b, 2);
  if (slips === 1 && a.length > 2) return 1;
  if (slips === 2 && a.length > 5 && b.length > 5) return 2;
  return a.length >= 5 && b.length >= 5 && a.slice(0, -3) === b.slice(0, -3) ? 3 : 4;
}
