import type { Change, Directive, IdentifierKey, IdentityConfig } from '@kenal/contracts';
import { type Decision, type DecisionInput, decide } from '../decide/decide.ts';
import { groupEvidence } from '../decide/group.ts';
import { directiveEvidenceOf } from '../evidence/directive-evidence.ts';
import { evidenceOf, type InteractionEvidence } from '../evidence/interaction-evidence.ts';
import { createNormaliser } from '../normalise/normalise.ts';
import { type RuleOptions, rulesOf } from '../rules.ts';
import type { TestInteraction } from '../test-support.ts';
import { directedOf } from './directed.ts';
import { createMemory } from './memory.ts';
import { pictureOf } from './picture.ts';

export type WorldOptions = Pick<RuleOptions, 'mostIdentifiers' | 'traits'> & { readonly slow?: boolean };

/** Decides on a state in memory, as a resolver does. */
export function createWorld(start: IdentityConfig, { slow = false, ...options }: WorldOptions = {}) {
  let config = start;
  const directives: Directive[] = [];
  const ruled = () => rulesOf(config, 'test', { ...directedOf(directives), ...options });
  let rules = ruled();
  const normalise = createNormaliser(start, 'US');
  const memory = createMemory();
  const changes: Change[] = [];
  const counts = { loads: 0, wants: 0, detached: 0, parked: 0 };
  let now = 1_000;
  let ids = 0;
  const newComponent = (): string => {
    ids += 1;
    return `c${ids}`;
  };

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

  function sweep(): void {
    rules = ruled();
    for (const id of [...memory.components.keys()]) {
      const component = memory.components.get(id);
      if (component === undefined) continue;
      const cause = { messageId: 'sweep', source: '', rule: 'ruleset' };
      run(deciding, [], {
        evidence: [],
        again: { component: { ...component, fields: new Map(component.fields) }, cause },
      });
    }
  }

  return {
    picture: () => pictureOf(memory, rules),
    ...{ sweep, changes, counts, memory },
    ...{ components: memory.components, pointers: memory.pointers, flush: memory.flush },
    get rules() {
      return rules;
    },
    take(batch: readonly TestInteraction[], readAgain = false): void {
      takeEvidence(
        batch.flatMap((event) => evidenceOf(event, normalise(event.identifiers), rules) ?? []),
        readAgain,
      );
    },
    /** One after the other, as they come; a source or a model that changes goes through all components. */
    direct(...more: readonly Directive[]): void {
      for (const directive of more) {
        directives.push(directive);
        if (directive.source !== null || directive.kind === 'model') sweep();
        takeEvidence(directiveEvidenceOf(directive), false);
      }
    },
    configure(next: IdentityConfig): void {
      config = next;
      sweep();
    },
  };
}

type Asked = Pick<DecisionInput, 'evidence' | 'again' | 'recovering'>;

interface Deciding {
  readonly decide: (input: Asked, loaded: DecisionInput['loaded']) => Decision;
  readonly memory: ReturnType<typeof createMemory>;
  readonly counts: { loads: number; wants: number; detached: number; parked: number };
  readonly changes: Change[];
}

/** Load, decide, load what is wanted, commit; again where a race was lost. */
function run({ decide: decideOn, memory, counts, changes }: Deciding, keys: readonly IdentifierKey[], input: Asked) {
  const identifiers = new Set<IdentifierKey>();
  const shelves = new Map<IdentifierKey, number>();
  for (let round = 0; round < 60; round += 1) {
    counts.loads += 1;
    const queries = Array.from(shelves, ([centre, limit]) => ({ centre, limit }));
    const loaded = { ...memory.load([...keys, ...identifiers], queries), asked: identifiers };
    const { wants, commits } = decideOn(input, loaded);
    if (wants === null) {
      const applied = commits.filter(({ commit }) => memory.commit(commit));
      for (const { commit, changes: made } of applied) {
        changes.push(...made);
        counts.detached += commit.detach?.length ?? 0;
        counts.parked += commit.park?.size ?? 0;
      }
      if (applied.length === commits.length) return;
      continue;
    }
    counts.wants += 1;
    for (const key of wants.identifiers) identifiers.add(key);
    for (const { centre, limit } of wants.shelves) shelves.set(centre, limit);
  }
  throw new Error('a decision wants more and more');
}
