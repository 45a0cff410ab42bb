import type { Random } from '../random.ts';
import type { Spelling } from './cultures/culture.ts';
import type { Sex, Stock } from './cultures/stock.ts';

/** A person's name at one time of life. */
export interface Name {
  readonly given: string;
  /** A middle name or a patronymic; '' where there is none. */
  readonly middle: string;
  /** As it is written for this person: `Ivanova`, `García López`; '' where people live with one name. */
  readonly family: string;
  /** What children take over: `Ivanov`, `García`. */
  readonly line: string;
  /** `Jr` and `Sr` for a son who has the name of his father and for the father, in all cultures; else ''. */
  readonly suffix: string;
}

export interface Parents {
  readonly father: Name;
  readonly mother: Name;
}

export function makeName(random: Random, stock: Stock, sex: Sex, year: number, parents?: Parents): Name {
  const { culture } = stock;
  const given = stock.given(random, sex, year);
  const middle = middleOf(random, stock, sex, year, parents?.father.given);
  if (random.chance(culture.oneName ?? 0)) return { given, middle: '', family: '', line: '', suffix: '' };
  const own = parents === undefined || parents.father.line === '' || random.chance(culture.ownSecondName ?? 0);
  const line = own ? stock.family(random) : parents.father.line;
  const second = culture.twoFamilies ? (parents?.mother.line ?? stock.family(random)) : '';
  return { given, middle, family: familyOf(stock, sex, line, second), line, suffix: '' };
}

/** The name of somebody who takes that of the other after a wedding. */
export function married(stock: Stock, sex: Sex, own: Name, other: Name): Name {
  if (other.line === '') return own;
  return { ...own, line: other.line, family: familyOf(stock, sex, other.line, '') };
}

function familyOf({ culture }: Stock, sex: Sex, line: string, second: string): string {
  if (second !== '') return `${line} ${second}`;
  return sex === 'F' && culture.feminine ? rewrite(line, culture.feminine) : line;
}

function rewrite(text: string, rules: readonly Spelling[]): string {
  for (const [from, to] of rules) if (from.test(text)) return text.replace(from, to);
  return text;
}

function middleOf(random: Random, stock: Stock, sex: Sex, year: number, father: string | undefined): string {
  const { patronymic } = stock.culture;
  if (patronymic === undefined) return stock.middle(random, sex, year);
  const of = father ?? stock.given(random, 'M', year - 28);
  if (patronymic === 'russian') return russianPatronymic(of, sex);
  return random.chance(0.35) ? `${sex === 'M' ? 'bin' : 'bint'} ${of}` : of;
}

/** Ivan → Ivanovich, Sergei → Sergeyevna, Yuriy → Yuryevich, Ilya → Ilyich */
export function russianPatronymic(father: string, sex: Sex): string {
  const [man, woman] = sex === 'M' ? ['yevich', 'ovich'] : ['yevna', 'ovna'];
  if (/[ae]i$/.test(father)) return father.slice(0, -1) + man;
  if (/iy$/.test(father)) return father.slice(0, -2) + man;
  if (/ya$/.test(father)) return father.slice(0, -1) + (sex === 'M' ? 'ich' : 'inichna');
  if (/[ao]$/.test(father)) return father.slice(0, -1) + woman;
  return father + woman;
}
