import { withoutMarks } from '../../plain.ts';
import type { Random } from '../../random.ts';
import type { Stock } from '../cultures/stock.ts';
import { TITLES } from '../occupations.ts';
import type { Fact } from '../profile.ts';

/** Values that forms and clerks put where nothing is known. */
export const JUNK: Readonly<Partial<Record<Fact, readonly string[]>>> = {
  given_name: ['Unknown', 'Test', 'n/a', 'X', 'Mr', 'Customer'],
  family_name: ['Unknown', 'Test', 'n/a', '.', '-', 'Customer'],
  full_name: ['Unknown', 'Test Test', 'n/a', 'Customer'],
  birth_date: ['1900-01-01', '01/01/1900', '1970-01-01', '0000-00-00', '1980-01-01', '01/01/1900'],
  email: ['test@test.com', 'none@none.com', 'n/a', 'noemail@example.com', 'a@a.com', 'info@example.com'],
  phone: ['0000000000', '1234567890', 'n/a', '1111111111', '+44 0', '9999999999'],
  street: ['n/a', 'Unknown', '-', 'No fixed address'],
  city: ['n/a', 'Unknown', '-', 'London'],
  postcode: ['00000', '99999', 'n/a', '12345', 'ZZ99 9ZZ'],
  occupation: ['n/a', 'other', '-'],
  birth_place: ['n/a', 'unknown', '-'],
  national_id: ['000000000', '123456789', 'n/a'],
  gender: ['U', 'n/a'],
};

/** `Elizabeth` → `Liz`; null for names that are not shortened. */
export function nickname(text: string, random: Random, stock: Stock): string | null {
  const short = stock.nicknames.get(text);
  return short === undefined ? null : random.pick(short);
}

/** `12 Church Street` → `12 Church St` */
export function abbreviate(text: string, random: Random, stock: Stock): string | null {
  for (const [long, short] of stock.abbreviations)
    if (text.includes(long)) return text.replace(long, random.pick(short));
  return null;
}

/** `Müller` → `Muller` */
export function unmark(text: string): string | null {
  const bare = withoutMarks(text);
  return bare === text ? null : bare;
}

/** What a narrow column leaves: `Featherstonehaugh` → `Feathersto`. */
export function truncate(text: string, random: Random): string | null {
  return text.length < 4 ? null : text.slice(0, random.int(3, Math.min(10, text.length - 1)));
}

export function initial(text: string, random: Random): string | null {
  const [first = ''] = text;
  return text.length < 2 ? null : `${first}${random.chance(0.5) ? '.' : ''}`;
}

/** 1980-12-03 → 1980-03-12, 03/12/1980 → 12/03/1980; null where the day is no month, or the same. */
export function swapDayMonth(text: string): string | null {
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (iso !== null) return Number(iso[3]) > 12 || iso[2] === iso[3] ? null : `${iso[1]}-${iso[3]}-${iso[2]}`;
  const slashed = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text);
  if (slashed === null || Number(slashed[1]) > 12 || slashed[1] === slashed[2]) return null;
  return `${slashed[2]}/${slashed[1]}/${slashed[3]}`;
}

/** The same value in another form: a date with the day first, text in capitals. */
export function reformat(text: string, random: Random): string | null {
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (iso !== null) {
    const [, year, month, day] = iso;
    return random.pick([`${day}/${month}/${year}`, `${day}.${month}.${year}`, `${year}${month}${day}`, `${year}`]);
  }
  const other = random.pick([text.toUpperCase(), text.toLowerCase(), `${text} `, text.replace(' ', '')]);
  return other === text ? null : other;
}

/** `Thomas Hill` → `Sir Thomas Hill`, `Thomas Hill, 1st Baronet` */
export function entitle(text: string, random: Random): string {
  if (random.chance(0.7)) return `${random.pick(TITLES)} ${text}`;
  return `${text}, ${random.pick(['1st', '2nd', '3rd', '5th'])} ${random.pick(['Baronet', 'Baron', 'Earl', 'Viscount'])}`;
}
