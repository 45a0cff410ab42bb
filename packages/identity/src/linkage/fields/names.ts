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

const TITLES = new Set('mr mrs ms miss mx dr prof professor rev revd reverend sir dame lady lord hon herr frau bapak ibu haji hj'.split(' '));
const SUFFIXES: Readonly<Record<string, string>> = {
  ...{ jr: 'jr', junior: 'jr', sr: 'sr', senior: 'sr', ii: 'ii', iii: 'iii', iv: 'iv', '2nd': 'ii', '3rd': 'iii' },
};
/** Words that open a family name of several words: `van der berg`, `de la cruz`, `bin omar`. */
const PARTICLES = new Set('van von der den de del della di da dos das du la le los las bin ibn al el st saint ter ten zu af av'.split(' '));

export function parseName(raw: RawName): NameParts | null {
  const extra: string[] = [];
  let suffix = SUFFIXES[fold(raw.suffix)] ?? fold(raw.suffix);
  const words = (text: string): string[] =>
    fold(text)
      .split(' ')
      .filter((word) => {
        if (word === '' || TITLES.has(word)) return false;
        if (SUFFIXES[word] !== undefined && suffix === '') suffix = SUFFIXES[word];
        return SUFFIXES[word] === undefined;
      });
  const [first = '', ...middle] = words(raw.given);
  let [given, family] = [first, words(raw.family).join(' ')];
  extra.push(...middle, ...words(raw.middle));
  for (const full of raw.full) {
    const parts = splitFull(full, words);
    if (given === '' && family === '') [given, family] = [parts.given, parts.family];
    extra.push(...parts.all);
  }
  if (given === '' && family === '') return null;
  const known = new Set([given, family, ...family.split(' ')]);
  return { given, family, extra: [...new Set(extra.filter((word) => !known.has(word)))].sort(), suffix };
}

interface FullName {
  readonly given: string;
  readonly family: string;
  readonly all: readonly string[];
}

/** `Smith, John A` · `john adam smith` · `thomas clifford, 1st baron clifford` · `Ludwig van der Berg` · `Suharto` */
function splitFull(text: string, words: (text: string) => string[]): FullName {
  const comma = text.indexOf(',');
  const head = words(comma < 0 ? text : text.slice(0, comma));
  const tail = comma < 0 ? [] : words(text.slice(comma + 1));
  const all = [...head, ...tail];
  if (head.length === 1 && tail.length > 0 && !/\d/.test(tail[0]!)) return { given: tail[0]!, family: head[0]!, all };
  if (head.length < 2) return { given: head[0] ?? '', family: '', all };
  let from = head.length - 1;
  while (from > 1 && PARTICLES.has(head[from - 1]!)) from -= 1;
  return { given: head[0]!, family: head.slice(from).join(' '), all };
}
