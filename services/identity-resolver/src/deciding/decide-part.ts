import type { Change, ComponentCommit, OutboxMessage } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createCodec, MAX_BODY_BYTES } from '@kenal/event-log';
import {
  type ComponentDecision,
  type Decision,
  decideInParts,
  eachInParts,
  groupEvidence,
  type IdentityRules,
  type InteractionEvidence,
  type Paused,
  type Wants,
} from '@kenal/identity';

import type { Loaded } from './access.ts';

/** Something that says who is who: an interaction that names somebody, or a directive. */
export interface Evident<T> {
  readonly evidence: InteractionEvidence;
  readonly item: T;
  /** Read again because the state was lost. */
  readonly recovering: boolean;
}

/** The write of one component, with its changes as the log takes them. */
export interface ComponentWrite {
  readonly commit: ComponentCommit;
  readonly changes: readonly Change[];
}

/** Items that belong together, and what becomes of their components. */
export interface Decided<T> {
  readonly part: readonly Evident<T>[];
  readonly owners: Decision['owners'];
  readonly writes: readonly ComponentWrite[];
}

/** Items that cannot be decided before more is loaded. */
export interface Waiting<T> {
  readonly part: readonly Evident<T>[];
  readonly wants: Wants;
}

/** An item that can never be decided. */
export interface Unfit<T> {
  readonly item: T;
  readonly error: unknown;
}

export interface PartResult<T> {
  readonly decided: readonly Decided<T>[];
  readonly waiting: readonly Waiting<T>[];
  readonly unfit: readonly Unfit<T>[];
}

export type DecidePart = ReturnType<typeof createDecidePart>['decidePart'];

/**
 * Decide what a part of a round does to its component. Where that throws, each item is tried alone: those at fault are
 * given back, the others are decided without them. Where none is at fault alone, the component is, and all are given back.
 * At fault is also what makes a profile so large that no record could tell of it: the relay would stand still.
 * @param newComponent gives an id that was never used before
 */
export function createDecidePart(newComponent: () => string) {
  const codec = createCodec<Change>('change');

  function outboxMessage(change: Change) {
    const whole = codec.encode(change);
    // A record that cannot hold what the profile was and what it is tells what it is
    const value = whole.byteLength > MAX_BODY_BYTES ? codec.encode({ ...change, before: null }) : whole;
    if (value.byteLength > MAX_BODY_BYTES)
      throw new KenalError('event_too_large', `a change of ${value.byteLength} bytes of profile ${change.profileId}`);
    return { key: change.profileId, value };
  }

  function* writesOf(commits: readonly ComponentDecision[]): Paused<ComponentWrite[]> {
    const writes: ComponentWrite[] = [];
    for (const { commit, changes } of commits) {
      const outbox: OutboxMessage[] = [];
      yield* eachInParts(changes, (change) => {
        outbox.push(outboxMessage(change));
      });
      writes.push({ commit: { ...commit, outbox }, changes });
    }
    return writes;
  }

  function* together<T>(
    part: readonly Evident<T>[],
    loaded: Loaded,
    rules: IdentityRules,
  ): Paused<Decided<T> | Waiting<T>> {
    const recovering = new Set(part.flatMap(({ recovering, evidence }) => (recovering ? evidence.keys : [])));
    const evidence = part.map((one) => one.evidence);
    const input = { rules, now: loaded.now, newComponent, loaded, recovering, evidence };
    const { commits, owners, wants } = yield* decideInParts(input);
    yield;
    return wants === null ? { part, owners, writes: yield* writesOf(commits) } : { part, wants };
  }

  function* faultOf<T>(one: Evident<T>, loaded: Loaded, rules: IdentityRules): Paused<{ error: unknown } | null> {
    try {
      yield* together([one], loaded, rules);
      return null;
    } catch (error) {
      return { error };
    }
  }

  function* decidePart<T>(part: readonly Evident<T>[], loaded: Loaded, rules: IdentityRules): Paused<PartResult<T>> {
    try {
      const result = yield* together(part, loaded, rules);
      return 'wants' in result
        ? { decided: [], waiting: [result], unfit: [] }
        : { decided: [result], waiting: [], unfit: [] };
    } catch (error) {
      const faults = new Map<Evident<T>, unknown>();
      for (const one of part) {
        const fault = part.length === 1 ? { error } : yield* faultOf(one, loaded, rules);
        if (fault !== null) faults.set(one, fault.error);
      }
      const guilty = new Set(faults.size === 0 ? part : faults.keys());
      const rest = part.filter((one) => !guilty.has(one));
      const groups = groupEvidence(rest, loaded, ({ evidence }) => evidence);
      const again: PartResult<T>[] = [];
      for (const group of groups) again.push(yield* decidePart(group, loaded, rules));
      const unfit = Array.from(guilty, (one) => ({ item: one.item, error: faults.get(one) ?? error }));
      return {
        decided: again.flatMap((result) => result.decided),
        waiting: again.flatMap((result) => result.waiting),
        unfit: [...unfit, ...again.flatMap((result) => result.unfit)],
      };
    }
  }

  return { decidePart, writesOf };
}
