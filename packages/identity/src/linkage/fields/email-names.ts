import { isRoleMailbox } from '../../normalise/blocked.ts';
import { fold } from '../text/fold.ts';

/** A person's name in two parts, '' where one is not known. */
export interface TwoNames {
  readonly given: string;
  readonly family: string;
}

// `grace.kelly52` → `grace`, `kelly`
const TWO_WORDS = /^([a-z]{3,})[._-]([a-z]{3,})\d*$/;
// `kellygrace52`, `g.kelly`
const LETTERS = /^[a-z._-]+?(?=\d*$)/;

/**
 * What an address for mail tells of its owner's name, where the record itself does not: `kellygrace@x.org` of a Kelly is
 * Grace's. Only what is missing is filled in.
 * @param email '' where there is none
 */
export function completeNames({ given, family }: TwoNames, email: string): TwoNames {
  const local = email.slice(0, Math.max(0, email.lastIndexOf('@'))).toLowerCase();
  if (local === '' || (given !== '' && family !== '') || isRoleMailbox(local)) return { given, family };
  if (given === '' && family === '') {
    const [, first = '', last = ''] = TWO_WORDS.exec(local) ?? [];
    return isRoleMailbox(first) || isRoleMailbox(last) ? { given, family } : { given: first, family: last };
  }
  const rest = restOf(LETTERS.exec(local)?.[0].replace(/[._-]/g, '') ?? '', fold(given || family));
  if (given !== '') return { given, family: rest.length > 2 ? rest : '' };
  return { given: rest.length > 2 ? rest : '', family };
}

/** What is left of the letters without a name at their start or end. */
function restOf(letters: string, name: string): string {
  if (name.length < 3) return '';
  if (letters.startsWith(name)) return letters.slice(name.length);
  return letters.endsWith(name) ? letters.slice(0, -name.length) : '';
}
