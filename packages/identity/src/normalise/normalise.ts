import { IDENTIFIER_TYPE_PATTERN, type Identifier, type IdentifierKey, type IdentityConfig } from '@kenal/contracts';
import { compareText, compareTypes, rankedTypes } from '../rules.ts';
import { type BlockReason, isRoleMailbox, placeholderReason } from './blocked.ts';
import { createConfiguredBlock } from './configured.ts';
import { parseEmail } from './email.ts';
import { createPatternBlock } from './patterns.ts';
import { createPhoneParser } from './phone.ts';
import { cleanText } from './text.ts';

/**
 * Raised whenever the same bytes may give another key. Owners are stored in rows, so a new version means a rebuild.
 */
export const NORMALISER_VERSION = 1;

const LONGEST = 512;
// Stands where a byte or a surrogate could not be read: `M\uFFFDller` is Müller and Möller
const REPLACEMENT = '\ufffd';

/** A valid identifier of the subject. */
export interface NormalisedIdentifier extends Identifier {
  /** As people read it: `jane.doe@gmail.com` */
  readonly value: string;
  /** As it joins: `email:janedoe@gmail.com` */
  readonly key: IdentifierKey;
}

export interface BlockedIdentifier extends Identifier {
  readonly reason: BlockReason;
}

/** The identifiers of one subject, as evidence takes them. */
export interface NormalisedIdentifiers {
  /** Valid ones, one a key, strongest first (type rank, then key). */
  readonly identifiers: readonly NormalisedIdentifier[];
  /** Key of the strongest, '' where none is valid. Depends on these identifiers only. */
  readonly owner: IdentifierKey | '';
  readonly blocked: readonly BlockedIdentifier[];
}

export interface Normaliser {
  (raw: readonly Identifier[]): NormalisedIdentifiers;
  /** `owner` alone, for less: what is weaker than the first valid type is not looked at (a phone number costs 15 µs). */
  ownerOf(raw: readonly Identifier[]): IdentifierKey | '';
}

type Form = { readonly value: string; readonly match: string } | BlockReason;

/**
 * @param config `identity` of the workspace
 * @param region ISO 3166 code of the source (or else the workspace) for phone numbers without `+`
 * @throws KenalError `bad_config` where a pattern of the workspace is none
 * @returns a function that is pure to its caller; it remembers phone numbers that it parsed lately
 */
export function createNormaliser(config: IdentityConfig, region: string): Normaliser {
  const types = rankedTypes(config);
  const ranks = new Map(types.map((type, index) => [type, index]));
  const rankOf = (type: string): number => ranks.get(type) ?? types.length;
  const phone = createPhoneParser(region);
  const isConfigured = createConfiguredBlock(config.blocked, types, (type, value) =>
    formOf(type, cleanText(value), phone),
  );

  const isPattern = createPatternBlock(config.blockedPatterns ?? [], types);

  function strongestFirst(a: NormalisedIdentifier, b: NormalisedIdentifier): number {
    return compareTypes(rankOf, a.type, b.type) || compareText(a.key, b.key) || compareText(a.value, b.value);
  }

  function judge(type: string, value: string): NormalisedIdentifier | BlockReason {
    const text = cleanText(value);
    const form = formOf(type, text, phone);
    if (typeof form === 'string') return form;
    return isConfigured(type, text, form) || isPattern(type, text, form)
      ? 'configured'
      : { type, value: form.value, key: `${type}:${form.match}` };
  }

  function normalise(raw: readonly Identifier[]): NormalisedIdentifiers {
    const identifiers: NormalisedIdentifier[] = [];
    const blocked: BlockedIdentifier[] = [];
    for (const { type, value } of raw) {
      const judged = judge(type, value);
      if (typeof judged === 'string') blocked.push({ type, value, reason: judged });
      else identifiers.push(judged);
    }
    if (identifiers.length > 1) identifiers.sort(strongestFirst);
    // Two spellings of one key: the smaller one stays, whatever order they came in
    const unique = identifiers.filter((identifier, index) => identifier.key !== identifiers[index - 1]?.key);
    return { identifiers: unique, owner: unique[0]?.key ?? '', blocked };
  }

  function ownerOf(raw: readonly Identifier[]): IdentifierKey | '' {
    let owner: NormalisedIdentifier | null = null;
    for (const { type, value } of raw.toSorted((a, b) => compareTypes(rankOf, a.type, b.type))) {
      if (owner !== null && type !== owner.type) break;
      const judged = judge(type, value);
      if (typeof judged !== 'string' && (owner === null || compareText(judged.key, owner.key) < 0)) owner = judged;
    }
    return owner?.key ?? '';
  }

  return Object.assign(normalise, { ownerOf });
}

function formOf(type: string, text: string, phone: ReturnType<typeof createPhoneParser>): Form {
  if (!IDENTIFIER_TYPE_PATTERN.test(type)) return 'bad_type';
  const reason = placeholderReason(text);
  if (reason !== null) return reason;
  if (text.length > LONGEST) return 'too_long';
  if (text.includes(REPLACEMENT)) return 'unreadable';
  if (type === 'email') return emailForm(text);
  if (type !== 'phone') return { value: text, match: text };
  const result = phone(text);
  return 'e164' in result ? { value: result.e164, match: result.e164 } : result.fault;
}

function emailForm(text: string): Form {
  const email = parseEmail(text);
  if (email === null) return 'not_an_email';
  if (isRoleMailbox(email.mailbox)) return 'role_mailbox';
  return placeholderReason(email.mailbox) ?? email;
}
