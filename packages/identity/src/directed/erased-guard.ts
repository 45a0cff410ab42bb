import {
  type Change,
  type ChangeEnvelope,
  DIRECTIVE_KINDS,
  type Identifier,
  type IdentifierKey,
  MICROS_PER_SECOND,
  type Micros,
} from '@kenal/contracts';
import type { Normaliser } from '../normalise/normalise.ts';

/** What of a change may be told now. */
export const SHOWN = {
  whole: 'whole',
  /** Without what was before: it names somebody who is erased, as another profile of theirs or of others was left. */
  after: 'after',
  nothing: 'nothing',
} as const;
export type Shown = (typeof SHOWN)[keyof typeof SHOWN];

/** What is known of the erased of a workspace at a moment: the same for all who are told of changes. */
export interface ErasedGuard {
  shown(change: Change): Shown;
  /** Whether what was made of a profile then is of somebody who is erased. @param anchor of the profile */
  isGone(anchor: IdentifierKey, at: Micros): boolean;
}

export interface ErasedGuardInput {
  /** Keyed hash of an identifier → when its last erasure was asked for. */
  readonly erased: ReadonlyMap<string, Micros>;
  readonly hashOf: (key: IdentifierKey) => string;
  readonly normaliserOf: (source: string) => Normaliser;
}

/** What a resolver had in hand when an erasure was asked for is told so much later at most. */
const IN_HAND = 60 * MICROS_PER_SECOND;

const NOBODY: ErasedGuard = { shown: () => SHOWN.whole, isGone: () => false };

/** That people are erased, merged or split is told: it names profiles only. @param input null where nobody can be erased */
export function createErasedGuard(input: ErasedGuardInput | null): ErasedGuard {
  if (input === null || input.erased.size === 0) return NOBODY;
  const { erased, hashOf, normaliserOf } = input;
  const newest = [...erased.values()].reduce((most, at) => Math.max(most, at), 0);

  return {
    shown({ occurredAt, previousVersion, before, after, assigned, released, cause }) {
      if (occurredAt > newest + IN_HAND) return SHOWN.whole;
      const isGone = (name: string): boolean => {
        const at = erased.get(hashOf(name)) ?? 0;
        // A profile of before that a round had in hand, and not one who came back
        const wasInHand = previousVersion > 0 && previousVersion <= at && occurredAt <= at + IN_HAND;
        return occurredAt <= at || wasInHand;
      };
      const names = (identifiers: readonly Identifier[] = []): boolean =>
        normaliserOf(cause.source)(identifiers).identifiers.some((one) => isGone(one.key));
      if (assigned.some((one) => isGone(one.key)) || names(after?.identifiers)) return SHOWN.nothing;
      // An erasure is told without whose identifiers it took
      const left = cause.rule === DIRECTIVE_KINDS.erase ? [] : released;
      return left.some(isGone) || names(before?.identifiers) ? SHOWN.after : SHOWN.whole;
    },
    isGone: (anchor, at) => at <= (erased.get(hashOf(anchor)) ?? Number.NEGATIVE_INFINITY) + IN_HAND,
  };
}

/** A change as it is told; null where it is not. */
export function envelopeShown(envelope: ChangeEnvelope, shown: Shown): ChangeEnvelope | null {
  if (shown === SHOWN.nothing) return null;
  return shown === SHOWN.whole ? envelope : { ...envelope, before: null, released: [] };
}
