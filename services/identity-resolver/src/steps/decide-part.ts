import type { Change, ComponentSnapshot, LoadedState, OutboxMessage } from '@kenal/contracts';
import { isKenalError, KenalError } from '@kenal/errors';
import { createCodec, MAX_BODY_BYTES } from '@kenal/event-log';
import { type Decision, decide, groupEvidence, type IdentityRules, type InteractionEvidence } from '@kenal/identity';
import { type Normalised, type Refused, reasonOf } from '../work.ts';

/** An interaction that names somebody, with the keys that connect it to others. */
export interface Evident {
  readonly keys: readonly string[];
  readonly evidence: InteractionEvidence;
  readonly item: Normalised;
  /** Read again because the state was lost. */
  readonly recovering: boolean;
}

/** Interactions that belong together, and what becomes of their component. */
export interface Decided {
  readonly part: readonly Evident[];
  readonly decision: Decision;
  /** Its changes as the log takes them. */
  readonly outbox: readonly OutboxMessage[];
}

export interface PartResult {
  readonly decided: readonly Decided[];
  readonly refused: readonly Refused[];
}

export type DecidePart = (part: readonly Evident[], loaded: LoadedState, rules: IdentityRules) => PartResult;

/**
 * Decide what a part of a round does to its component. Where that throws, each interaction is tried alone: those at fault
 * are refused, the others are decided without them. Where none is at fault alone, the component is, and all are refused.
 * At fault is also what makes a profile so large that no record could tell of it: the relay would stand still.
 * @param newComponent gives an id that was never used before
 */
export function createDecidePart(newComponent: () => string): DecidePart {
  const codec = createCodec<Change>('change');

  function outboxMessage(change: Change): OutboxMessage {
    const value = codec.encode(change);
    if (value.byteLength > MAX_BODY_BYTES)
      throw new KenalError('event_too_large', `a change of ${value.byteLength} bytes of profile ${change.profileId}`);
    return { key: change.profileId, value };
  }

  function together(
    part: readonly Evident[],
    { now, pointers, components }: LoadedState,
    rules: IdentityRules,
  ): Decided {
    const ids = new Set<string>();
    for (const { keys } of part) {
      for (const key of keys) {
        const id = pointers.get(key);
        if (id !== undefined) ids.add(id);
      }
    }
    const joined: ComponentSnapshot[] = [];
    for (const id of ids) {
      const component = components.get(id);
      if (component !== undefined) joined.push(component);
    }
    const recovering = new Set(part.flatMap((one) => (one.recovering ? one.keys : [])));
    const evidence = part.map((one) => one.evidence);
    const input = { rules, now, newComponent: newComponent(), pointers, components: joined, recovering, evidence };
    const decision = decide(input);
    return { part, decision, outbox: decision.changes.map(outboxMessage) };
  }

  function faultOf(one: Evident, loaded: LoadedState, rules: IdentityRules): { error: unknown } | null {
    try {
      together([one], loaded, rules);
      return null;
    } catch (error) {
      return { error };
    }
  }

  return function decidePart(part, loaded, rules): PartResult {
    try {
      return { decided: [together(part, loaded, rules)], refused: [] };
    } catch (error) {
      const faults = new Map<Evident, unknown>();
      for (const one of part) {
        const fault = part.length === 1 ? { error } : faultOf(one, loaded, rules);
        if (fault !== null) faults.set(one, fault.error);
      }
      const guilty = new Set(faults.size === 0 ? part : faults.keys());
      const rest = part.filter((one) => !guilty.has(one));
      const again = groupEvidence(rest, loaded.pointers).map((group) => decidePart(group, loaded, rules));
      const refused = Array.from(guilty, (one) => refuse(one.item, faults.get(one) ?? error));
      return {
        decided: again.flatMap((result) => result.decided),
        refused: [...refused, ...again.flatMap((result) => result.refused)],
      };
    }
  };
}

function refuse({ record, interaction }: Normalised, error: unknown): Refused {
  const code = isKenalError(error, 'event_too_large') ? 'event_too_large' : 'event_unresolvable';
  return { record, interaction, code, reason: reasonOf(error) };
}
