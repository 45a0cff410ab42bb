import type { Change, Computed, Directive, IdentifierKey, IdentityConfig } from '@kenal/contracts';
import { type Decision, type DecisionInput, decide } from '../decide/decide.ts';
import { type Erasure, erase } from '../decide/erase.ts';
import { groupEvidence } from '../decide/group.ts';
import { joinWants, type Wants } from '../decide/wants.ts';
import { computedEvidenceOf } from '../evidence/computed-evidence.ts';
import { directiveEvidenceOf } from '../evidence/directive-evidence.ts';
import { evidenceOf, type InteractionEvidence } from '../evidence/interaction-evidence.ts';
import { createBlockedKeys } from '../normalise/blocked-keys.ts';
import { createNormaliser } from '../normalise/normalise.ts';
import { type RuleOptions, rulesOf } from '../rules.ts';
import type { TestInteraction } from '../test-support.ts';
import { directedOf } from './directed.ts';
import { createMemory } from './memory.ts';
import { pictureOf } from './picture.ts';

const SWEEP = { messageId: 'sweep', source: '', rule: 'ruleset' };

export type WorldOptions = Pick<RuleOptions, 'mostIdentifiers' | 'traits'> & { readonly slow?: boolean };

/** Decides on a state in memory, as a resolver does. */
export function createWorld(start: IdentityConfig, { slow = false, ...options }: WorldOptions = {}) {
  let config = start;
  const directives: Directive[] = [];
  const ruled = () => rulesNow(config, directives, options);
  let rules = ruled();
  const normalise = createNormaliser(start, 'US');
  const memory = createMemory();
  const changes: Change[] = [];
  const counts = { loads: 0, wants: 0, detached: 0, parked: 0, races: 0 };
  let now = 1_000;
  const newComponent = countedIds();

  const deciding = {
    decide: (input: Asked, loaded: DecisionInput['loaded']): Decision => {
      now += 1;
      return decide({ rules, now, newComponent, loaded, slow, ...input });
    },
    ...{ memory, counts, changes },
  };

  function takeEvidence(evidence: readonly InteractionEvidence[], readAgain: boolean): void {
    const loaded = memory.load(evidence.flatMap(({ keys }) => keys));
    for (const part of groupEvidence(evidence, loaded, (one) => one)) {
      const keys = part.flatMap((one) => one.keys);
      run(deciding, keys, { evidence: part, recovering: new Set(readAgain ? keys : []) });
    }
  }

  function evidenceFrom(batch: readonly TestInteraction[]): InteractionEvidence[] {
    return batch.flatMap((event) => evidenceOf(event, normalise(event.identifiers), rules) ?? []);
  }

  function decideAgain(id: string): void {
    const component = memory.components.get(id);
    if (component === undefined) return;
    run(deciding, [], { evidence: [], again: { components: [component], cause: SWEEP } });
  }

  function sweep(): void {
    rules = ruled();
    for (const id of [...memory.components.keys()]) decideAgain(id);
  }

  return {
    picture: () => pictureOf(memory, rules),
    ...{ sweep, changes, counts, memory },
    ...{ components: memory.components, pointers: memory.pointers, flush: memory.flush },
    get rules() {
      return rules;
    },
    take(batch: readonly TestInteraction[], readAgain = false): void {
      takeEvidence(evidenceFrom(batch), readAgain);
    },
    /** One after the other, as they come; a source or a model that changes goes through all components. */
    direct(...more: readonly Directive[]): void {
      for (const directive of more) {
        directives.push(directive);
        if (directive.source !== null || directive.kind === 'model') sweep();
        takeEvidence(directiveEvidenceOf(directive), false);
      }
    },
    /** What was computed of profiles, each with the identifier that gives it its id. @returns what was kept */
    compute(batch: readonly Placed[]): readonly Placed[] {
      const known = knownOf(memory, batch);
      takeEvidence(known.map(evidenceOfPlaced), false);
      return known;
    },
    /** Two workers load at the same time; the second finds that the first has written. */
    race(one: readonly TestInteraction[], other: readonly TestInteraction[]): void {
      const said = [one, other].map((batch) => evidenceFrom(batch));
      const both = memory.load(said.flat().flatMap(({ keys }) => keys));
      for (const evidence of said) {
        now += 1;
        for (const part of groupEvidence(evidence, both, (item) => item)) {
          write(deciding, deciding.decide({ evidence: part }, both).commits);
        }
      }
      for (const evidence of said) takeEvidence(evidence, false);
    },
    erase(keys: readonly IdentifierKey[]): void {
      const cause = { messageId: 'erasure', source: '', rule: 'erase' };
      const ask = (loaded: DecisionInput['loaded']): Erasure => {
        now += 1;
        return erase({ rules, now, newComponent, loaded, keys: new Set(keys), cause });
      };
      for (const hub of runErasure(deciding, keys, ask)) decideAgain(memory.componentOf(hub)!);
    },
    configure(next: IdentityConfig): void {
      config = next;
      sweep();
    },
  };
}

function countedIds(): () => string {
  let ids = 0;
  return () => {
    ids += 1;
    return `c${ids}`;
  };
}

type Placed = readonly [Computed, IdentifierKey];

const evidenceOfPlaced = ([computed, anchor]: Placed) => computedEvidenceOf(computed, anchor);

/** As a resolver does: of whom nothing is known, and of a parked leaf, nothing is kept. */
function knownOf(memory: ReturnType<typeof createMemory>, batch: readonly Placed[]): readonly Placed[] {
  const { pointers, parked } = memory.load(batch.map(([, anchor]) => anchor));
  return batch.filter(([, anchor]) => pointers.has(anchor) && !parked.has(anchor));
}

function rulesNow(config: IdentityConfig, directives: readonly Directive[], options: WorldOptions) {
  return rulesOf(config, 'test', { ...directedOf(directives), isBlocked: createBlockedKeys(config), ...options });
}

type Asked = Pick<DecisionInput, 'evidence' | 'again' | 'recovering'>;

interface Deciding {
  readonly decide: (input: Asked, loaded: DecisionInput['loaded']) => Decision;
  readonly memory: ReturnType<typeof createMemory>;
  readonly counts: { loads: number; wants: number; detached: number; parked: number; races: number };
  readonly changes: Change[];
}

/** Load, decide, load what is wanted, commit; again where a race was lost. */
function run(deciding: Deciding, keys: readonly IdentifierKey[], input: Asked): void {
  const wanted: Wants[] = [];
  for (let round = 0; round < 60; round += 1) {
    deciding.counts.loads += 1;
    const { identifiers, shelves } = joinWants(wanted);
    const asked = new Set(identifiers);
    const loaded = { ...deciding.memory.load([...keys, ...asked], shelves), asked };
    const { wants, commits } = deciding.decide(input, loaded);
    if (wants === null) {
      if (write(deciding, commits)) return;
      continue;
    }
    deciding.counts.wants += 1;
    wanted.push(wants);
  }
  throw new Error('a decision wants more and more');
}

/** @returns whether no race was lost */
function write({ memory, changes, counts }: Deciding, commits: Decision['commits']): boolean {
  const applied = commits.filter(({ commit }) => memory.commit(commit));
  for (const { commit, changes: made } of applied) {
    changes.push(...made);
    counts.detached += commit.detach?.length ?? 0;
    counts.parked += commit.park?.size ?? 0;
  }
  counts.races += commits.length - applied.length;
  return applied.length === commits.length;
}

/** Load, take away, load what is wanted, commit. @returns hubs to decide again */
function runErasure(
  { memory, changes }: Deciding,
  keys: readonly IdentifierKey[],
  ask: (loaded: DecisionInput['loaded']) => Erasure,
): readonly IdentifierKey[] {
  const wanted: Wants[] = [];
  for (let round = 0; round < 60; round += 1) {
    const { identifiers, shelves } = joinWants(wanted);
    const asked = new Set(identifiers);
    const { commits, revisit, wants } = ask({ ...memory.load([...keys, ...asked], shelves), asked });
    if (wants === null) {
      for (const { commit, changes: made } of commits) {
        if (!memory.commit(commit)) throw new Error('an erasure was refused');
        changes.push(...made);
      }
      return revisit;
    }
    wanted.push(wants);
  }
  throw new Error('an erasure wants more and more');
}
