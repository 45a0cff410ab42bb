import { edits } from '../text/edits.ts';
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
  level('similar local part', 0.03, 0.002),
  level('!same domain', 0.03, 0.02, 2),
  level('!different', 0.07, 0.975),
];

export function emailComparator(name: string): Comparator<EmailParts> {
  return { name, group: 'email', scope: SCOPES.personal, shared: 0.1, levels: LEVELS, compare };
}

function compare(a: EmailParts, b: EmailParts): number {
  if (a.whole === b.whole) return 0;
  const length = Math.max(a.whole.length, b.whole.length);
  const most = Math.floor(length * 0.3);
  const sameDomain = a.domain === b.domain;
  const whole = edits(a.whole, b.whole, most);
  // `anna12@x.de` and `anna94@x.de` are two Annas
  const otherDigits = whole <= most && differInDigits(a.local, b.local);
  if (whole <= Math.max(1, length * 0.12) && !otherDigits) return 1;
  if (a.local === b.local && a.local !== '') return 2;
  const local = edits(a.local, b.local, 4);
  const localLength = Math.max(a.local.length, b.local.length);
  if (whole <= most && local <= localLength * 0.4 && !otherDigits) return 3;
  if (local <= localLength * 0.25) return 4;
  return sameDomain ? 5 : 6;
}

const DIGITS = /\d+/g;

function differInDigits(a: string, b: string): boolean {
  const [x, y] = [a.match(DIGITS)?.join(' ') ?? '', b.match(DIGITS)?.join(' ') ?? ''];
  return x !== y && a.replace(DIGITS, '') === b.replace(DIGITS, '') && edits(x, y, 1) > 1;
}
