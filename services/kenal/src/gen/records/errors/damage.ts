import type { Random } from '../../random.ts';
import type { Stock } from '../cultures/stock.ts';
import { COLUMNS, ERRORS, type ErrorKind, type ErrorRates, type Fact } from '../profile.ts';
import { abbreviate, entitle, initial, JUNK, nickname, reformat, swapDayMonth, truncate, unmark } from './habits.ts';
import { misheard, misread, respell } from './hearing.ts';
import { typo, wrongDigit } from './typing.ts';

export type Facts = Record<Fact, string>;
export const FACTS = COLUMNS.filter(
  (column): column is Fact => column !== 'record_id' && column !== 'truth' && column !== 'source',
);

/** What goes wrong with one fact: kinds, and for each the sum of its rate and those before it. */
interface Plan {
  readonly kinds: readonly ErrorKind[];
  readonly sums: readonly number[];
  readonly total: number;
}
export type Plans = ReadonlyMap<Fact, Plan>;

/** At least so many values stay whole, whatever rates are asked for. */
const MOST = 0.97;
/** Respellings of names that are written in Latin letters anyway are rarer than transliterations. */
const LATIN_RESPELLED = 1 / 3;

/** @param factor makes all rates higher or lower; 0 is a file without faults */
export function planErrors(rates: ErrorRates, factor: number): Plans {
  const plans = new Map<Fact, Plan>();
  for (const fact of FACTS) {
    const of = rates[fact] ?? {};
    const kinds = ERRORS.filter((kind) => (of[kind] ?? 0) > 0);
    const wanted = kinds.reduce((sum, kind) => sum + (of[kind] as number) * factor, 0);
    const scale = wanted > MOST ? (factor * MOST) / wanted : factor;
    let total = 0;
    const sums = kinds.map((kind) => {
      total += (of[kind] as number) * scale;
      return total;
    });
    if (total > 0) plans.set(fact, { kinds, sums, total });
  }
  return plans;
}

/** Draw what happens to this fact in one record; null: nothing. Costs one number of chance, whatever comes of it. */
export function drawError(plans: Plans, fact: Fact, random: Random): ErrorKind | null {
  const plan = plans.get(fact);
  if (plan === undefined) return null;
  const roll = random.next();
  if (roll >= plan.total) return null;
  return plan.kinds[plan.sums.findIndex((sum) => roll < sum)] ?? null;
}

/** Let it happen. A fault that this value cannot have becomes a slip of a finger; a habit that it cannot have, nothing. */
export function damage(kind: ErrorKind, fact: Fact, facts: Facts, stock: Stock, random: Random): void {
  const value = facts[fact];
  if (kind === 'swapped') {
    [facts.given_name, facts.family_name] = [facts.family_name, facts.given_name];
    return;
  }
  if (value === '' && kind !== 'junk') return;
  if (kind === 'misplaced' && fact === 'given_name' && facts.family_name !== '') {
    facts.given_name = `${facts.given_name} ${facts.family_name}`;
    facts.family_name = '';
    return;
  }
  facts[fact] = changed(kind, fact, facts, stock, random) ?? slip(value, random);
}

function changed(kind: ErrorKind, fact: Fact, facts: Facts, stock: Stock, random: Random): string | null {
  const value = facts[fact];
  switch (kind) {
    case 'missing':
      return '';
    case 'junk':
      return random.pick(JUNK[fact] ?? ['n/a']);
    case 'typo':
      return typo(value, random);
    case 'ocr':
      return misread(value, random);
    case 'sound':
      return misheard(value, random);
    case 'truncated':
      return truncate(value, random);
    case 'initial':
      return initial(value, random);
    case 'nickname':
      return nickname(value, random, stock);
    case 'dayMonth':
      return swapDayMonth(value);
    case 'yearOnly':
      return value.replace(/^(\d{4})-\d\d-\d\d$/, '$1-01-01');
    case 'digit':
      return wrongDigit(value, random);
    case 'misplaced':
      return elsewhere(fact, facts);
    default:
      return habit(kind, value, stock, random) ?? value;
  }
}

function habit(kind: ErrorKind, value: string, stock: Stock, random: Random): string | null {
  switch (kind) {
    case 'unmarked':
      return unmark(value);
    case 'respelled':
      if (stock.culture.otherScript !== true && !random.chance(LATIN_RESPELLED)) return null;
      return respell(value, stock.culture.spellings, random);
    case 'abbreviated':
      return abbreviate(value, random, stock);
    case 'reformatted':
      return reformat(value, random);
    case 'titled':
      return entitle(value, random);
    default:
      return null;
  }
}

/** What was meant for another column. */
const NEXT_TO: Readonly<Partial<Record<Fact, Fact>>> = {
  family_name: 'given_name',
  email: 'phone',
  phone: 'email',
  city: 'state',
  street: 'city',
  postcode: 'city',
  birth_place: 'country',
  occupation: 'city',
};

function elsewhere(fact: Fact, facts: Facts): string | null {
  const other = NEXT_TO[fact];
  return other === undefined || facts[other] === '' ? null : facts[other];
}

/** Where nothing but digits could be mistyped a digit is, else a key. */
function slip(value: string, random: Random): string {
  return (/^[\d\W]+$/.test(value) ? wrongDigit(value, random) : typo(value, random)) ?? value;
}
