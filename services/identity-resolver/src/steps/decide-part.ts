import type { Change, ComponentCommit, LoadedState } from '@kenal/contracts';
import { isKenalError, KenalError } from '@kenal/errors';
import { createCodec, MAX_BODY_BYTES } from '@kenal/event-log';
import {
  type Decision,
  decide,
  groupEvidence,
  type IdentityRules,
  type InteractionEvidence,
  type Wants,
} from '@kenal/identity';
import { type Normalised, type Refused, reasonOf } from '../work.ts';

/** An interaction that names somebody. */
export interface Evident {
  readonly evidence: InteractionEvidence;
  readonly item: Normalised;
  /** Read again because the state was lost. */
  readonly recovering: boolean;
}

/** Interactions that belong together, and what becomes of their components. */
export interface Decided {
  readonly part: readonly Evident[];
  readonly owners: Decision['owners'];
  readonly changes: readonly Change[];
  /** With their changes as the log takes them. */
  readonly commits: readonly ComponentCommit[];
}

/** Interactions that cannot be decided before more is loaded. */
export interface Waiting {
  readonly part: readonly Evident[];
  readonly wants: Wants;
}

export interface PartResult {
  readonly decided: readonly Decided[];
  readonly waiting: readonly Waiting[];
  readonly refused: readonly Refused[];
}

export interface LoadedParts extends LoadedState {
  /** Identifiers that a decision wanted. */
  readonly asked: ReadonlySet<string>;
}

export type DecidePart = (part: readonly Evident[], loaded: LoadedParts, rules: IdentityRules) => PartResult;

/**
 * Decide what a part of a round does to its component. Where that throws, each interaction is tried alone: those at fault
 * are refused, the others are decided without them. Where none is at fault alone, the component is, and all are refused.
 * At fault is also what makes a profile so large that no record could tell of it: the relay would stand still.
 * @param newComponent gives an id that was never used before
 */
export function createDecidePart(newComponent: () => string): DecidePart {
  const codec = createCodec<Change>('change');

  function outboxMessage(change: Change) {
    const value = codec.encode(change);
    if (value.byteLength > MAX_BODY_BYTES)
      throw new KenalError('event_too_large', `a change of ${value.byteLength} bytes of profile ${change.profileId}`);
    return { key: change.profileId, value };
  }

  function together(part: readonly Evident[], loaded: LoadedParts, rules: IdentityRules): Decided | Waiting {
    const recovering = new Set(part.flatMap(({ recovering, evidence }) => (recovering ? evidence.keys : [])));
    const evidence = part.map((one) => one.evidence);
    const { commits, owners, wants } = decide({ rules, now: loaded.now, newComponent, loaded, recovering, evidence });
    if (wants !== null) return { part, wants };
    return {
      ...{ part, owners, changes: commits.flatMap(({ changes }) => changes) },
      commits: commits.map(({ commit, changes }) => ({ ...commit, outbox: changes.map(outboxMessage) })),
    };
  }

  function faultOf(one: Evident, loaded: LoadedParts, rules: IdentityRules): { error: unknown } | null {
    try {
      together([one], loaded, rules);
      return null;
    } catch (error) {
      return { error };
    }
  }

  return function decidePart(part, loaded, rules): PartResult {
    try {
      const result = together(part, loaded, rules);
      const waits = 'wants' in result;
      return { decided: waits ? [] : [result], waiting: waits ? [result] : [], refused: [] };
    } catch (error) {
      const faults = new Map<Evident, unknown>();
      for (const one of part) {
        const fault = part.length === 1 ? { error } : faultOf(one, loaded, rules);
        if (fault !== null) faults.set(one, fault.error);
      }
      const guilty = new Set(faults.size === 0 ? part : faults.keys());
      const rest = part.filter((one) => !guilty.has(one));
      const groups = groupEvidence(rest, loaded, ({ evidence }) => evidence);
      const again = groups.map((group) => decidePart(group, loaded, rules));
      const refused = Array.from(guilty, (one) => refuse(one.item, faults.get(one) ?? error));
      return {
        decided: again.flatMap((result) => result.decided),
        waiting: again.flatMap((result) => result.waiting),
        refused: [...refused, ...again.flatMap((result) => result.refused)],
      };
    }
  };
}

function refuse({ record, interaction }: Normalised, error: unknown): Refused {
  const code = isKenalError(error, 'event_too_large') ? 'event_too_large' : 'event_unresolvable';
  return { record, interaction, code, reason: reasonOf(error) };
}
