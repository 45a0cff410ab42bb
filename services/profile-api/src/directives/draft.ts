import type { Directive } from '@kenal/contracts';

/** A decision without who, when and why. */
export type Draft = Omit<Directive, 'id' | 'workspace' | 'issuedAt' | 'actor' | 'reason'>;

/** @param decided what differs from nothing */
export function draftOf(kind: Draft['kind'], decided: Partial<Draft>): Draft {
  const nothing = { pairs: [], source: null, profileId: null, erased: [], consent: null, document: null };
  return { kind, ...nothing, base: null, model: null, ...decided };
}
