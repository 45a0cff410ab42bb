import { type JsonRecord, known, type Source } from '@kenal/collector-kit';
import type { Identifier } from '@kenal/contracts';

/** The one outside person whom an event is about. */
export interface Subject {
  /** `email` and `phone` are identifiers. */
  readonly traits: JsonRecord;
  readonly identifiers: readonly Identifier[];
}

export const NOBODY: Subject = { traits: {}, identifiers: [] };

/**
 * @param traits as Segment names them; what says nothing is left out, as is an address or number of our own (an order
 * typed in for somebody at the counter)
 * @param id the vendor's own, after its account: `a.myshopify.com/207119551`
 */
export function subjectOf(source: Source, traits: JsonRecord, id: Identifier | null): Subject {
  const { email, phone, ...others } = traits;
  const isOwnEmail = typeof email === 'string' && source.own.hasEmail(email);
  const isOwnPhone = typeof phone === 'string' && source.own.hasPhone(phone);
  return {
    traits: known({ ...others, email: isOwnEmail ? null : email, phone: isOwnPhone ? null : phone }),
    identifiers: id === null ? [] : [id],
  };
}
