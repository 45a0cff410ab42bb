import { int32 } from '../memory.ts';
import { edits } from '../text/edits.ts';
import { jaroWinkler } from '../text/jaro-winkler.ts';
import { leastEdits, lettersOf, mostSimilarity, SKETCHED } from '../text/sketch.ts';
import { type Comparator, level, MISSING, SCOPES, type Scope } from './comparator.ts';
import { createNumbers } from './numbers.ts';

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
/** One of a few values is no evidence that counts as a group of its own: half of all people agree in it. */
const CATEGORY_LEVELS = [level('!exact', 0.9, 0.3, 0), level('!different', 0.1, 0.7)];

/** Streets, places, company names, anything in words. */
export function textComparator(name: string, group: string, scope: Scope, shared: number): Comparator<string> {
  return { name, group, scope, shared, levels: LEVELS, compare, prepare };
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
    prepare: (values) => prepareLine(values, line),
  };
}

/** All lines of all values in one list, so that lines are compared by their place in it. */
function prepareLine(values: readonly Lines[], line: number): (x: number, y: number) => number {
  const width = values[0]?.length ?? 0;
  const lineOf = values.flat();
  const likeness = prepare(lineOf);
  const isEmpty = Uint8Array.from(lineOf, (text) => (text === '' ? 1 : 0));
  const crossed = (own: number, other: number): boolean => {
    if (isEmpty[own] === 1) return false;
    for (let i = 0; i < width; i += 1)
      if (i !== line && isEmpty[other + i] === 0 && likeness(own, other + i) < 2) return true;
    return false;
  };
  return (x, y) => {
    const [a, b] = [x * width, y * width];
    const own = isEmpty[a + line] === 1 || isEmpty[b + line] === 1 ? MISSING : likeness(a + line, b + line);
    if (own < 3) return own;
    if (crossed(a + line, b) || crossed(b + line, a)) return 3;
    return own === MISSING ? MISSING : own + 1;
  };
}

/** Share of the letters that may be slips, and how alike texts are that begin alike. */
const SIMILAR = 0.34;
const ALIKE = 0.88;

function compare(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.max(a.length, b.length);
  const most = Math.max(1, Math.floor(length * SIMILAR));
  const slips = edits(a, b, most);
  if (slips <= Math.max(1, length * 0.15) && length > 2) return 1;
  if (slips <= most && length > 4) return 2;
  const words = a.includes(' ') || b.includes(' ') ? sharedWords(a, b) : 4;
  if (words < 3) return words;
  return a[0] === b[0] && length < 32 && jaroWinkler(a, b) >= ALIKE ? 2 : words;
}

/** Numbers of a value: itself, its letters, its length, its first letter, where its words begin and end. */
const STRIDE = 8;

function prepare(values: readonly string[]): (x: number, y: number) => number {
  const sketches = int32(values.length * STRIDE);
  const [numberOf, numberOfWord] = [createNumbers(), createNumbers()];
  const words: number[] = [];
  const lengths: number[] = [];
  values.forEach((value, code) => {
    const begin = words.length;
    for (const word of value.split(' ')) {
      words.push(numberOfWord(word));
      lengths.push(isNumber(word) ? -word.length : word.length);
    }
    const at = code * STRIDE;
    sketches[at] = numberOf(value);
    sketches[at + 1] = lettersOf(value);
    sketches[at + 2] = value.length;
    sketches[at + 3] = value === '' ? 0 : value.charCodeAt(0);
    sketches[at + 4] = begin;
    sketches[at + 5] = words.length;
  });
  /** What `sharedWords` says of them. */
  const shareOf = (at: number, to: number): number => {
    const [from, end, other, last] = [sketches[at + 4]!, sketches[at + 5]!, sketches[to + 4]!, sketches[to + 5]!];
    if (end - from > last - other) return shareOf(to, at);
    let [shared, letters, hasNumber] = [0, 0, false];
    for (let i = from; i < end; i += 1)
      for (let j = other; j < last; j += 1) {
        if (words[i] !== words[j]) continue;
        shared += 1;
        letters += Math.abs(lengths[i]!);
        hasNumber ||= lengths[i]! < 0;
        break;
      }
    return shareLevel(shared, letters, end - from, last - other, hasNumber);
  };
  return (x, y) => {
    const [at, to] = [x * STRIDE, y * STRIDE];
    if (sketches[at] === sketches[to]) return 0;
    const [n, m] = [sketches[at + 2]!, sketches[to + 2]!];
    const [a, b] = [sketches[at + 1]!, sketches[to + 1]!];
    const length = Math.max(n, m);
    const sameFirst = sketches[at + 3] === sketches[to + 3];
    if (
      length > SKETCHED ||
      leastEdits(a, b) <= Math.max(1, length * SIMILAR) ||
      (sameFirst && length < 32 && mostSimilarity(a, n, b, m, true) >= ALIKE)
    )
      return compare(values[x]!, values[y]!);
    return sketches[at + 5]! - sketches[at + 4]! > 1 || sketches[to + 5]! - sketches[to + 4]! > 1 ? shareOf(at, to) : 4;
  };
}

/** @returns 1 the same words, or all of one with a number among them, 2 all words of one, 3 half of them, 4 fewer */
function sharedWords(a: string, b: string): number {
  const [x, y] = [a.split(' '), b.split(' ')];
  const [few, many] = x.length <= y.length ? [x, y] : [y, x];
  let [shared, letters, hasNumber] = [0, 0, false];
  for (const word of few) {
    if (!many.includes(word)) continue;
    shared += 1;
    letters += word.length;
    hasNumber ||= isNumber(word);
  }
  return shareLevel(shared, letters, few.length, many.length, hasNumber);
}

/** `12`, `12b`: what tells one house of a street from the next. */
function isNumber(word: string): boolean {
  const first = word.charCodeAt(0);
  return first >= 48 && first < 58;
}

function shareLevel(shared: number, letters: number, few: number, many: number, hasNumber: boolean): number {
  // `12 oak street springfield` and the same with state and postcode
  if (shared === few && letters > 2) return shared === many || (hasNumber && few > 2) ? 1 : 2;
  return shared * 2 >= many ? 3 : 4;
}
