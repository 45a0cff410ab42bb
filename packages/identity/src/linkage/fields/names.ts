import { remember } from '../../normalise/lru.ts';
import { fold } from '../text/fold.ts';

/** A person's name in the parts that are compared. All folded; '' where there is none. */
export interface NameParts {
  readonly given: string;
  readonly family: string;
  /** Middle names, titles, the rest of a long name; without given and family. */
  readonly extra: readonly string[];
  /** `jr`, `sr`, `ii` … */
  readonly suffix: string;
}

export interface RawName {
  given: string;
  family: string;
  middle: string;
  suffix: string;
  /** Names that are written in one piece, the shortest column first. */
  full: readonly string[];
}

const TITLES = new Set(
  'mr mrs ms miss mx dr prof professor rev revd reverend sir dame lady lord hon herr frau bapak ibu haji hj'.split(' '),
);
const SUFFIXES: Readonly<Record<string, string>> = {
  ...{ jr: 'jr', junior: 'jr', sr: 'sr', senior: 'sr', ii: 'ii', iii: 'iii', iv: 'iv', '2nd': 'ii', '3rd': 'iii' },
};
/** Words that open a family name of several words: `van der berg`, `de la cruz`, `bin omar`. */
const PARTICLES = new Set(
  'van von der den de del della di da dos das du la le los las bin ibn al el st saint ter ten zu af av'.split(' '),
);

export function parseName(raw: RawName): NameParts | null {
  const [own, last] = [wordsOf(raw.given), wordsOf(raw.family)];
  let [given, family] = [own.words[0] ?? '', last.words.join(' ')];
  let suffix = raw.suffix === '' ? own.suffix || last.suffix : suffixOf(raw.suffix);
  let extra = own.words.length > 1 ? own.words.slice(1) : NONE;
  if (raw.middle !== '') extra = [...extra, ...wordsOf(raw.middle).words];
  for (const full of raw.full) {
    // Most say what given and family name have said: there is nothing to split
    if (full === `${raw.given} ${raw.family}` && !full.includes(',')) continue;
    const parts = splitFull(full);
    if (given === '' && family === '') [given, family] = [parts.given, parts.family];
    if (suffix === '') suffix = parts.suffix;
    extra = [...extra, ...parts.all];
  }
  if (given === '' && family === '') return null;
  return { given, family, extra: extra.length === 0 ? NONE : others(extra, given, family), suffix };
}

const NONE: readonly string[] = [];

function others(words: readonly string[], given: string, family: string): readonly string[] {
  const families = family.includes(' ') ? family.split(' ') : NONE;
  const rest: string[] = [];
  for (const word of words)
    if (word !== given && word !== family && !families.includes(word) && !rest.includes(word)) rest.push(word);
  return rest.length === 0 ? NONE : rest.sort();
}

interface Words {
  readonly words: readonly string[];
  readonly suffix: string;
}

/** Words of a name without titles, and the suffix that stood among them. */
function readWords(text: string): Words {
  let suffix = '';
  const words = fold(text)
    .split(' ')
    .filter((word) => {
      if (word === '' || TITLES.has(word)) return false;
      const found = SUFFIXES[word];
      if (found !== undefined && suffix === '') suffix = found;
      return found === undefined;
    });
  return { words, suffix };
}

/** The same given and family names come again and again. */
const wordsOf = remember(readWords, 20_000);

function suffixOf(text: string): string {
  const folded = fold(text);
  return SUFFIXES[folded] ?? folded;
}

interface FullName {
  readonly given: string;
  readonly family: string;
  readonly all: readonly string[];
  readonly suffix: string;
}

/** `Smith, John A` · `john adam smith` · `thomas clifford, 1st baron clifford` · `Ludwig van der Berg` · `Suharto` */
function splitFull(text: string): FullName {
  const comma = text.indexOf(',');
  const { words: head, suffix: own } = readWords(comma < 0 ? text : text.slice(0, comma));
  const { words: tail, suffix: last } = readWords(comma < 0 ? '' : text.slice(comma + 1));
  const [all, suffix] = [[...head, ...tail], own || last];
  if (head.length === 1 && tail.length > 0 && !/\d/.test(tail[0]!))
    return { given: tail[0]!, family: head[0]!, all, suffix };
  if (head.length < 2) return { given: head[0] ?? '', family: '', all, suffix };
  let from = head.length - 1;
  while (from > 1 && PARTICLES.has(head[from - 1]!)) from -= 1;
  return { given: head[0]!, family: head.slice(from).join(' '), all, suffix };
}
