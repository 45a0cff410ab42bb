import type { Random } from '../random.ts';
import type { Culture } from './cultures/culture.ts';

/** The parts of a name as one record has them, faults included. */
export interface NameParts {
  readonly given: string;
  readonly middle: string;
  readonly family: string;
  readonly suffix: string;
}

/** How one record writes a whole name; chosen without looking at the name. */
export interface NameWay {
  readonly reordered: boolean;
  /** 0 ≤ x < 1: how much of the middle name is shown. */
  readonly detail: number;
}

export function drawWay(random: Random, reordered: number): NameWay {
  return { reordered: random.chance(reordered), detail: random.next() };
}

/** A whole name in the order of its culture: `Jane A Smith`, `Nguyễn Thị Lan`, `Ivanov Ivan Petrovich`, `Suharto`. */
export function fullName(culture: Culture, name: NameParts, { reordered, detail }: NameWay): string {
  const { given, family } = name;
  const middle = middleShown(culture, name.middle, detail);
  const suffix = culture.suffixes && detail < 0.5 ? name.suffix : '';
  if (family === '') return join(given, middle);
  if (culture.familyFirst) return reordered ? join(given, middle, family) : join(family, middle, given);
  if (culture.patronymic === 'russian' && detail < 0.45) return join(family, given, middle);
  if (reordered) return `${family}, ${join(given, middle, suffix)}`;
  return join(given, middle, family, suffix);
}

function middleShown(culture: Culture, middle: string, detail: number): string {
  if (middle === '') return '';
  if (culture.patronymic !== undefined || culture.familyFirst) return detail < 0.75 ? middle : '';
  if (detail < 0.15) return middle;
  return detail < 0.4 ? middle.slice(0, 1) : '';
}

function join(...parts: readonly string[]): string {
  let text = '';
  for (const part of parts) if (part !== '') text = text === '' ? part : `${text} ${part}`;
  return text;
}
