import type { Change, ComponentSnapshot, IdentifierKey, Micros } from '@kenal/contracts';
import { type Assigned, assignmentField, decodeAssigned } from '../evidence/fields.ts';
import type { InteractionEvidence } from '../evidence/interaction-evidence.ts';
import { type Paused, straight } from '../pauses.ts';
import type { IdentityRules } from '../rules.ts';
import type { Commit } from './commit.ts';
import type { Loaded } from './pieces.ts';
import { type Settings, settle } from './settle.ts';
import { unitsOf } from './unit.ts';
import { joinWants, type Wants } from './wants.ts';

export interface DecisionInput {
  readonly rules: IdentityRules;
  /** Clock of the state store. */
  readonly now: Micros;
  /** Gives an id for a component that has to be made; never used before, not even by a state that was lost since. */
  readonly newComponent: () => string;
  /** What the state has of the identifiers of the evidence, and of all that was wanted. */
  readonly loaded: Loaded;
  /** Identifiers whose evidence is read again because the state was lost (ghosts.ts). */
  readonly recovering?: ReadonlySet<IdentifierKey>;
  /** In log order; one part of `groupEvidence`. */
  readonly evidence: readonly InteractionEvidence[];
  /**
   * Components to decide again without evidence, together, because the rules are others now, and what to name as the cause.
   * Several where all of them hang together now: hubs that are none any more, with the same neighbours.
   */
  readonly again?: { readonly components: readonly ComponentSnapshot[]; readonly cause: Change['cause'] };
  /** Leave out the short cuts: for tests, the result is the same. */
  readonly slow?: boolean;
}

/** The write of one component, and what it publishes. */
export interface ComponentDecision {
  /** The outbox is the caller's encoding of `changes`. */
  readonly commit: Commit;
  readonly changes: readonly Change[];
}

export interface Decision {
  /** To be written in any order; each may be done without the others, and decided again where it is not. */
  readonly commits: readonly ComponentDecision[];
  /** Profile of each owner in the evidence once the commits stand; none where all that was said of it is revoked. */
  readonly owners: ReadonlyMap<IdentifierKey, Assigned>;
  /** Where this is not null nothing is decided: load this together with all that was loaded, and decide again. */
  readonly wants: Wants | null;
}

const NOBODY: ReadonlySet<IdentifierKey> = new Set();

/** What new evidence does to what is known: fields to write, change records, and whose the interactions are. Pure. */
export function decide(input: DecisionInput): Decision {
  return straight(decideInParts(input));
}

/** The same with pauses, for what is so large that others would wait for it. */
export function* decideInParts(input: DecisionInput): Paused<Decision> {
  const { evidence, loaded, again } = input;
  const settings: Settings = {
    rules: input.rules,
    now: input.now,
    newComponent: input.newComponent,
    loaded,
    recovering: input.recovering ?? NOBODY,
    cause: again?.cause ?? null,
    slow: input.slow === true,
  };
  const units =
    again === undefined ? unitsOf(evidence, loaded) : [{ evidence, keys: [], components: again.components }];
  const commits: ComponentDecision[] = [];
  const owners = new Map<IdentifierKey, Assigned>();
  const wants: Wants[] = [];
  for (const unit of units) {
    const settled = yield* settle(unit, settings);
    if (units.length > 1) yield;
    if ('identifiers' in settled) {
      wants.push(settled);
      continue;
    }
    const { commit, changes, textOf } = settled;
    if (commit !== null) commits.push({ commit, changes });
    for (const { owner, source } of unit.evidence) {
      if (owner === '' || owners.has(owner)) continue;
      const text = textOf(assignmentField(owner));
      if (text !== undefined) owners.set(owner, decodeAssigned(text));
      else if (!input.rules.revokedSources.has(source) && input.rules.isBlocked?.(owner) !== true)
        throw new Error('the owner of an interaction has no profile');
    }
  }
  if (wants.length === 0) return { commits, owners, wants: null };
  return { commits: [], owners: new Map(), wants: joinWants(wants) };
}
