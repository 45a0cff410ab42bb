import type { Source } from '@kenal/collector-kit';
import type { Direction, Identifier } from '@kenal/contracts';
import { createNormaliser, type Normaliser } from '@kenal/identity';

/** One end of a call. */
export interface Party {
  /** E.164 where it is a number, else as sent: `2001`, `alice`; null where the number is withheld. */
  readonly number: string | null;
  /** Ours: an agent, an extension, a number that people call. */
  readonly isOurs: boolean;
}

const NOBODY: Party = { number: null, isOurs: false };
/** What networks and exchanges send in place of a number that its owner does not show. */
const WITHHELD: ReadonlySet<string> = new Set([
  ...['anonymous', 'unknown', 'restricted', 'private', 'withheld', 'unavailable', 'blocked', 'asterisk', 'invalid'],
  ...['privatenumber', 'nocallerid', 'null', 'none', 'undefined', 'anonymousinvalid'],
  // The same words on the keys of a telephone, as Twilio writes them: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE
  ...['266696687', '7378742833', '2562533', '8656696', '86282452253'],
]);
const LONGEST = 256;
const NO_RULES = { types: [], limits: {}, blocked: [] };
const normalisers = new Map<string, Normaliser>();

/**
 * @param raw `+442071838750`, `020 7183 8750`, `sip:+442071838750@trunk`, `client:alice`, `2001`, `s`, `anonymous`; null: none
 * @param isOurs what the vendor knows beside the number, such as the telephone that it rang
 */
export function partyOf(source: Source, raw: string | null, isOurs = false): Party {
  const text = bare(raw ?? '');
  if (text === '' || text.length > LONGEST) return { ...NOBODY, isOurs };
  const word = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (WITHHELD.has(word) || /^0+$/.test(word)) return { ...NOBODY, isOurs };
  // `s`, `alice`, `vmu2001`: a place of a dial plan, or a login; nobody outside can be dialled by letters
  if (/[a-z]/i.test(text)) return { number: text, isOurs: true };
  return { number: e164(source.region, text), isOurs: isOurs || source.own.hasPhone(text) };
}

/** `sip:alice@shop.example;transport=tls` → `alice`, `client:bob` → `bob`, `tel:+44…;ext=1` → `+44…` */
function bare(raw: string): string {
  const text = raw.trim();
  const scheme = /^(?:sips?|tel|client|user):/i.exec(text);
  return scheme === null ? text : (text.slice(scheme[0].length).split(/[@;?]/, 1)[0] ?? '');
}

function e164(region: string, text: string): string {
  let normalise = normalisers.get(region);
  if (normalise === undefined) {
    normalise = createNormaliser(NO_RULES, region);
    normalisers.set(region, normalise);
  }
  return normalise([{ type: 'phone', value: text }]).identifiers[0]?.value ?? text;
}

/** Who called whom, seen from the organisation. */
export interface Parties {
  readonly direction: Direction;
  /** The one outside party that the call is about; null where both are ours, or its number is withheld. */
  readonly subject: Party | null;
}

/**
 * Of two outside parties (a call that was passed on) the caller is the subject, unless the vendor says that we called:
 * the other one only took part.
 * @param said direction of the vendor, for parties that the source does not know as ours
 */
export function partiesOf(from: Party, to: Party, said: Direction | null): Parties {
  if (from.isOurs && to.isOurs) return { direction: 'internal', subject: null };
  const direction = from.isOurs ? 'outbound' : to.isOurs ? 'inbound' : (said ?? 'inbound');
  const subject = direction === 'outbound' ? to : from;
  return { direction, subject: subject.number === null || subject.isOurs ? null : subject };
}

/** How a party is named where it is no evidence. */
export function namesOf({ number, isOurs }: Party): Identifier[] {
  if (number === null) return [];
  return [{ type: isOurs && !/^\+\d{7,}$/.test(number) ? 'extension' : 'phone', value: number }];
}
