/** What one aspect of two records gives, as the pass stored it. */
export interface StoredContribution {
  readonly field: string;
  readonly level: string;
  readonly bits: number;
}

export interface ToldContribution extends StoredContribution {
  /** A sentence for whoever decides. */
  readonly words: string;
}

/** By level of a comparison; a field without a sentence of its own is told by these. */
const LEVELS: Readonly<Record<string, string>> = {
  exact: 'is the same',
  near: 'is the same but for a slip',
  similar: 'is alike',
  different: 'differs',
  'one slip': 'is the same but for one slip',
  'two slips': 'is the same but for two slips',
  'same start': 'begins alike and ends differently',
  nickname: 'is a short form of the other',
  swapped: 'stands in the other’s place: given and family name changed places',
  elsewhere: 'stands among the other names',
  initial: 'is an initial that fits',
  compatible: 'fits as far as it is written out',
  overlap: 'is the same in part',
  'day and month swapped': 'is the same with day and month in each other’s place',
  'same year, one without a day': 'is the same year, and one of the two has no day',
  'two of three parts': 'is the same in two of day, month and year',
  'same year': 'is another day of the same year',
  'same local part': 'has the same part before the @',
  'similar local part': 'is alike before the @',
  'same domain': 'has only what stands behind the @ in common',
  'some words': 'has some words in common',
  'in another line': 'stands in another line of the address',
};

const SENTENCES: Readonly<Record<string, string>> = {
  prior: 'Two records are seldom one person’s, before anything is compared',
  household: 'People of one household would have as much in common',
  echo: 'The e-mail address is made of the name, so it says nothing new',
  address: 'The parts of an address hang together, so they count less',
};

const DOUBTS: Readonly<Record<string, string>> = {
  probability: 'it is less than 99% likely',
  thin: 'what agrees is of one kind only, or a household’s',
  twins: 'the same birthday and family name at one address, and another given name: twins',
  generations: 'the same name at one address, and another birthday: father and son',
  relatives: 'another given name and another birthday: relatives',
  identifier: 'a document number or the like differs',
  cluster: 'others with whom they would be one person do not fit',
  accounts: 'both have a user_id; accepting makes one person of two accounts, whatever the limit',
};

/** Why nobody joined the two without asking. */
export function tellDoubt(doubt: string): string {
  return `Not joined without asking because ${DOUBTS[doubt] ?? doubt}`;
}

/** Between these, in bits, an aspect says next to nothing. */
const NEXT_TO_NOTHING = 0.5;

/** The waterfall in plain words: `Birth date is the same: 11.2 bits for one person (2,353 times as likely)`. */
export function tell(contributions: readonly StoredContribution[]): ToldContribution[] {
  return contributions.map((one) => ({ ...one, words: `${sentenceOf(one)}: ${weightOf(one.bits)}` }));
}

function sentenceOf({ field, level }: StoredContribution): string {
  return SENTENCES[field] ?? `${nameOf(field)} ${LEVELS[level] ?? level}`;
}

/** `birth_date` → `Birth date` */
function nameOf(field: string): string {
  const words = field.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function weightOf(bits: number): string {
  if (Math.abs(bits) < NEXT_TO_NOTHING) return 'next to nothing either way';
  const times = Math.round(2 ** Math.min(52, Math.abs(bits)));
  const likely = `${times.toLocaleString('en')} times as likely`;
  return `${Math.abs(bits).toFixed(1)} bits ${bits > 0 ? 'for one person' : 'for two people'} (${likely})`;
}
