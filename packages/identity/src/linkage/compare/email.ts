import { int32 } from '../memory.ts';
import { edits } from '../text/edits.ts';
import { hashText } from '../text/hash.ts';
import { leastEditsOf, SKETCHED, tallyLetters } from '../text/sketch.ts';
import { type Comparator, level, SCOPES } from './comparator.ts';

export interface EmailParts {
  readonly whole: string;
  readonly local: string;
  readonly domain: string;
}

export const EMAIL_KEYS = ['email', 'local', 'domain', 'localStart'] as const;

export function emailKeys({ whole, local, domain }: EmailParts): readonly string[] {
  return [whole, local, domain, local.slice(0, 5)];
}

const LEVELS = [
  level('exact', 0.75, 0.00002, 0),
  level('near', 0.07, 0.00001),
  level('same local part', 0.03, 0.00005, 1),
  level('similar', 0.05, 0.0002),
  level('!same domain', 0.03, 0.02, 2),
  level('!different', 0.1, 0.977),
];

export function emailComparator(name: string): Comparator<EmailParts> {
  return { name, group: 'email', scope: SCOPES.personal, shared: 0.1, levels: LEVELS, compare, prepare };
}

/** Position among the levels of an address with a slip. */
export const NEAR_ADDRESS = 1;
/** Position among the levels of the same local part under another domain. */
export const SAME_LOCAL_PART = 2;

/** Shares of the letters that may be slips: of the whole address and of its local part. */
const NEAR = 0.12;
const SIMILAR = 0.3;
const SIMILAR_LOCAL = 0.4;
/** Letters of a local part from which on the whole tells enough. */
const LONG = 13;

function compare(a: EmailParts, b: EmailParts): number {
  if (a.whole === b.whole) return 0;
  const length = Math.max(a.whole.length, b.whole.length);
  const most = Math.max(1, Math.floor(length * SIMILAR));
  const whole = edits(a.whole, b.whole, most);
  // `anna12@x.de` and `anna94@x.de` are two Annas
  const otherDigits = whole <= most && differInDigits(a.local, b.local);
  if (whole <= Math.max(1, length * NEAR) && !otherDigits) return 1;
  if (a.local === b.local && a.local !== '') return 2;
  const localLength = Math.max(a.local.length, b.local.length);
  const local = edits(a.local, b.local, Math.floor(localLength * SIMILAR_LOCAL));
  if (whole <= most && (localLength >= LONG || local <= localLength * SIMILAR_LOCAL) && !otherDigits) return 3;
  return a.domain === b.domain ? 4 : 5;
}

/** Numbers of a value: hash of the address, tally of its letters, the same of the local part, hash of the domain, lengths. */
const STRIDE = 9;

function prepare(values: readonly EmailParts[]): (x: number, y: number) => number {
  const sketches = int32(values.length * STRIDE);
  values.forEach(({ whole, local, domain }, code) => {
    const at = code * STRIDE;
    sketches[at] = hashText(whole);
    tallyLetters(whole, sketches, at + 1);
    sketches[at + 3] = hashText(local);
    tallyLetters(local, sketches, at + 4);
    sketches[at + 6] = hashText(domain);
    sketches[at + 7] = whole.length;
    sketches[at + 8] = local.length;
  });
  return (x, y) => {
    const [at, to] = [x * STRIDE, y * STRIDE];
    if (sketches[at] === sketches[to]) return compare(values[x]!, values[y]!);
    const length = Math.max(sketches[at + 7]!, sketches[to + 7]!);
    const localLength = Math.max(sketches[at + 8]!, sketches[to + 8]!);
    const whole = leastEditsOf(sketches, at + 1, to + 1);
    if (
      length > SKETCHED ||
      whole <= Math.max(1, length * NEAR) ||
      sketches[at + 3] === sketches[to + 3] ||
      (whole <= length * SIMILAR &&
        (localLength >= LONG || leastEditsOf(sketches, at + 4, to + 4) <= localLength * SIMILAR_LOCAL))
    )
      return compare(values[x]!, values[y]!);
    return sketches[at + 6] === sketches[to + 6] && values[x]!.domain === values[y]!.domain ? 4 : 5;
  };
}

const DIGITS = /\d+/g;

function differInDigits(a: string, b: string): boolean {
  const [x, y] = [a.match(DIGITS)?.join(' ') ?? '', b.match(DIGITS)?.join(' ') ?? ''];
  return x !== y && a.replace(DIGITS, '') === b.replace(DIGITS, '') && edits(x, y, 1) > 1;
}
