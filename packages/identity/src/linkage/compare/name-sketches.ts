import type { NameParts } from '../fields/names.ts';
import { int32 } from '../memory.ts';
import { areNicknames, nicknameNumber } from '../text/nicknames.ts';
import { leastEdits, lettersOf, mostSimilarity, SKETCHED } from '../text/sketch.ts';
import { closeness, isPart } from './closeness.ts';
import { MISSING } from './comparator.ts';

type Compare = (x: number, y: number) => number;

/** Numbers of a name: the given one (text, letters, length, first letter), the family name, its nicknames, has it blanks, has it other parts. */
const STRIDE = 11;
const FAMILY = 4;
const [NICKNAME, BLANKS, EXTRA] = [8, 9, 10];

/**
 * `givenName.compare` by position, for names that are no special case; `compare` is asked for the others: one name only,
 * initials, other parts.
 */
export function prepareGiven(values: readonly NameParts[], compare: Compare): Compare {
  const { numbers, isEmpty, alike, areSwapped, closeness: close } = sketchesOf(values);
  const isSpecial = (at: number): boolean =>
    numbers[at + 2]! < 2 || numbers[at + FAMILY + 2] === 1 || numbers[at + EXTRA] === 1;
  return (x, y) => {
    const [at, to] = [x * STRIDE, y * STRIDE];
    if (numbers[at] === numbers[to] && !isEmpty(at)) return 0;
    if (isEmpty(at) || isEmpty(to)) {
      const isSingle = (isEmpty(at) && isEmpty(to + FAMILY)) || (isEmpty(to) && isEmpty(at + FAMILY));
      return isSingle ? compare(x, y) : MISSING;
    }
    if (isSpecial(at) || isSpecial(to)) return compare(x, y);
    if (areSwapped(at, to)) return 4;
    const near = close(at, to);
    if (near === 1) return 1;
    if (areNicknames(numbers[at + NICKNAME]!, numbers[to + NICKNAME]!)) return 2;
    if (near >= 2) return 3;
    return alike(at, to + FAMILY) || alike(to, at + FAMILY) ? 5 : 7;
  };
}

/** `familyName.compare` by position. */
export function prepareFamily(values: readonly NameParts[], compare: Compare): Compare {
  const { numbers, isEmpty, alike, areSwapped, closeness: close } = sketchesOf(values);
  const isSpecial = (at: number): boolean =>
    numbers[at + FAMILY + 2]! < 2 || numbers[at + 2] === 1 || numbers[at + EXTRA] === 1 || numbers[at + BLANKS] === 1;
  return (x, y) => {
    const [at, to] = [x * STRIDE, y * STRIDE];
    const [own, other] = [at + FAMILY, to + FAMILY];
    if (isEmpty(own) || isEmpty(other)) return MISSING;
    if (numbers[own] === numbers[other]) return 0;
    if (isSpecial(at) || isSpecial(to)) return compare(x, y);
    if (areSwapped(at, to)) return 3;
    const near = close(own, other);
    if (near === 1 || near === 2) return near;
    return (isEmpty(at) && alike(own, to)) || (isEmpty(to) && alike(other, at)) ? 4 : 6;
  };
}

/** Pairs of parts whose closeness is remembered, the newest in its place. */
const REMEMBERED = 1 << 16;

const sketched = new WeakMap<readonly NameParts[], ReturnType<typeof sketchNames>>();

/** Made once for given and family names. */
function sketchesOf(values: readonly NameParts[]): ReturnType<typeof sketchNames> {
  const sketches = sketched.get(values) ?? sketchNames(values);
  sketched.set(values, sketches);
  return sketches;
}

/** Names as numbers. A part is told by its place among them. */
function sketchNames(values: readonly NameParts[]) {
  const numbers = int32(values.length * STRIDE);
  const texts: string[] = [];
  const known = new Map<string, number>();
  const put = (text: string, at: number): void => {
    let number = known.get(text);
    if (number === undefined) {
      number = texts.push(text) - 1;
      known.set(text, number);
    }
    numbers[at] = number;
    numbers[at + 1] = lettersOf(text);
    numbers[at + 2] = text.length;
    numbers[at + 3] = text === '' ? -1 : text.charCodeAt(0);
  };
  values.forEach(({ given, family, extra }, code) => {
    const at = code * STRIDE;
    put(given, at);
    put(family, at + FAMILY);
    numbers[at + NICKNAME] = nicknameNumber(given);
    numbers[at + BLANKS] = Number(family.includes(' '));
    numbers[at + EXTRA] = Number(extra.length > 0);
  });
  const isEmpty = (part: number): boolean => numbers[part + 2] === 0;
  const sameFirst = (a: number, b: number): boolean => numbers[a + 3] === numbers[b + 3] && !isEmpty(a);
  const remembered = new Uint8Array(REMEMBERED);
  const [lows, highs] = [new Int32Array(REMEMBERED).fill(-1), new Int32Array(REMEMBERED)];
  /** `closeness` of two parts that are not empty. */
  const close = (a: number, b: number): number => {
    // One may be a part of the other, however much is around it
    const mayHold = (numbers[a + 1]! & ~numbers[b + 1]!) === 0 || (numbers[b + 1]! & ~numbers[a + 1]!) === 0;
    if (!mayHold && isUnlike(numbers, a, b, sameFirst(a, b))) return 0;
    const [x, y] = [numbers[a]!, numbers[b]!];
    const slot = (Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b)) >>> 16;
    if (lows[slot] === x && highs[slot] === y) return remembered[slot]!;
    const found = relationOf(texts[x]!, texts[y]!);
    lows[slot] = x;
    highs[slot] = y;
    remembered[slot] = found;
    return found;
  };
  const alike = (a: number, b: number): boolean =>
    !isEmpty(b) && (numbers[a] === numbers[b] || (numbers[b + 2]! > 3 && close(a, b) === 1));
  const areSwapped = (at: number, to: number): boolean => {
    const [own, other] = [at + FAMILY, to + FAMILY];
    if (!sameFirst(at, other) && !sameFirst(own, to)) return false;
    if (isEmpty(at) || isEmpty(own) || isEmpty(to) || isEmpty(other)) return false;
    return alike(at, other) && alike(own, to);
  };
  return { numbers, isEmpty, alike, areSwapped, closeness: close };
}

/** Whether two parts have so different letters that they are not even similar, for certain. */
function isUnlike(numbers: Int32Array, at: number, to: number, sameFirst: boolean): boolean {
  const [n, m] = [numbers[at + 2]!, numbers[to + 2]!];
  const [a, b] = [numbers[at + 1]!, numbers[to + 1]!];
  const length = Math.max(n, m);
  const least = leastEdits(a, b);
  return length <= SKETCHED && least > 1 && least > length * 0.36 && mostSimilarity(a, n, b, m, sameFirst) < 0.85;
}

/** `closeness`, or 3 where one is a part of the other and no more alike than that. */
function relationOf(x: string, y: string): number {
  const near = closeness(x, y);
  return near === 0 && isPart(x, y) ? 3 : near;
}
