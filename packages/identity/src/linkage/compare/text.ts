import { edits } from '../text/edits.ts';
import { jaroWinkler } from '../text/jaro-winkler.ts';
import { type Comparator, level, MISSING, SCOPES, type Scope } from './comparator.ts';

export const TEXT_KEYS = ['text', 'start'] as const;

export function textKeys(value: string): readonly string[] {
  return [value, value.length > 5 ? value.slice(0, 5) : ''];
}

const LEVELS = [
  level('exact', 0.75, 0.01, 0),
  level('near', 0.1, 0.001),
  level('similar', 0.04, 0.01),
  level('some words', 0.03, 0.01),
  level('!different', 0.08, 0.97),
];
const CATEGORY_LEVELS = [level('exact', 0.9, 0.3, 0), level('!different', 0.1, 0.7)];

/** Streets, places, company names, anything in words. */
export function textComparator(name: string, group: string, scope: Scope, shared: number): Comparator<string> {
  return { name, group, scope, shared, levels: LEVELS, compare };
}

/** One of a few values: gender, state, occupation. */
export function categoryComparator(name: string, group: string, scope: Scope, shared: number): Comparator<string> {
  return { name, group, scope, shared, levels: CATEGORY_LEVELS, compare: (a, b) => (a === b ? 0 : 1) };
}

/** Lines of an address in the order of their columns, '' where there is none. */
export type Lines = readonly string[];

const lineLevels = (line: number) => [
  level('exact', 0.7, 0.01, line * TEXT_KEYS.length),
  level('near', 0.1, 0.001),
  level('similar', 0.04, 0.01),
  level('in another line', 0.03, 0.002),
  level('some words', 0.03, 0.01),
  level('!different', 0.1, 0.96),
];

export function lineComparator(name: string, line: number): Comparator<Lines> {
  return {
    ...{ name, group: 'address', scope: SCOPES.household, shared: 0.95, isHome: true, levels: lineLevels(line) },
    compare(a, b) {
      const [x, y] = [a[line]!, b[line]!];
      const own = x === '' || y === '' ? MISSING : compare(x, y);
      if (own < 3) return own;
      const crossed = (text: string, lines: Lines): boolean =>
        text !== '' && lines.some((other, i) => i !== line && other !== '' && compare(text, other) < 2);
      if (crossed(x, b) || crossed(y, a)) return 3;
      return own === MISSING ? MISSING : own + 1;
    },
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.max(a.length, b.length);
  const most = Math.max(1, Math.floor(length * 0.34));
  const slips = edits(a, b, most);
  if (slips <= Math.max(1, length * 0.15) && length > 2) return 1;
  if (slips <= most && length > 4) return 2;
  const words = a.includes(' ') || b.includes(' ') ? sharedWords(a, b) : 4;
  if (words < 3) return words;
  return a[0] === b[0] && length < 32 && jaroWinkler(a, b) >= 0.88 ? 2 : words;
}

/** @returns 1 the same words, 2 all words of one, 3 half of them, 4 fewer */
function sharedWords(a: string, b: string): number {
  const [x, y] = [a.split(' '), b.split(' ')];
  const [few, many] = x.length < y.length ? [x, y] : [y, x];
  let [shared, letters] = [0, 0];
  for (const word of few) {
    if (!many.includes(word)) continue;
    shared += 1;
    letters += word.length;
  }
  if (shared === few.length && letters > 2) return shared === many.length ? 1 : 2;
  return shared * 2 >= many.length ? 3 : 4;
}
