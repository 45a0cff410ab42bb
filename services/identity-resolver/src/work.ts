import type { Interaction, Micros, StoredRecord } from '@kenal/contracts';
import type { ErrorCode } from '@kenal/errors';
import type { InteractionEvidence, NormalisedIdentifiers } from '@kenal/identity';

/** A record of the interactions topic that could be read. */
export interface Decoded {
  readonly record: StoredRecord;
  readonly interaction: Interaction;
}

/** An interaction with what it says about who is who; `evidence` is null where nobody can be named. */
export interface Normalised extends Decoded {
  readonly identifiers: NormalisedIdentifiers;
  readonly evidence: InteractionEvidence | null;
}

/** An interaction with its person. */
export interface Placed extends Normalised {
  /** '' where there is no owner. */
  readonly profileId: string;
  /** Of the assignment owner → profile; 0 where there is none, or when it was read again after a loss of the state. */
  readonly version: Micros;
}

/** A record that cannot be processed, ever. It becomes a failed event and blocks nothing. */
export interface Refused {
  readonly record: StoredRecord;
  readonly interaction: Interaction | null;
  readonly code: Extract<ErrorCode, 'event_undecodable' | 'event_unresolvable' | 'event_too_large' | 'event_erased'>;
  readonly reason: string;
}

/** What a step made of its items: those that go on, and those that became failed events. */
export interface Sorted<T> {
  readonly passed: readonly T[];
  readonly refused: readonly Refused[];
}

/** One sentence about a caught value. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
