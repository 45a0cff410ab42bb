import type { Directive, IdentityState } from '@kenal/contracts';
import type { TopicFeed } from '@kenal/event-log';
import type { Workspaces } from '@kenal/identity';
import type { Logger } from '@kenal/service-kit';
import type { RulesMark } from '../directives/rules-mark.ts';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import type { StepHook } from '../step-hook.ts';
import { createAccess } from './access.ts';
import { createComponentIds } from './component-ids.ts';
import { createDecideAgain, type DecideAgain } from './decide-again.ts';
import { createDecidePart } from './decide-part.ts';
import { createErasePerson, type ErasePerson } from './erase-person.ts';
import { createSettle, type Settle } from './settle.ts';

/** Loads, decides and writes: the only way into the components of the identity state. */
export interface Decider {
  readonly settle: Settle;
  readonly again: DecideAgain;
  readonly erase: ErasePerson;
  /** Up to where directives are read now: to be asked before evidence is made. */
  readonly known: number;
}

export interface DeciderDeps {
  readonly state: IdentityState;
  readonly workspaces: Workspaces;
  readonly feed: TopicFeed<Directive>;
  readonly rulesMark: RulesMark;
  readonly metrics: ResolverMetrics;
  readonly logger: Logger;
  readonly onStep: StepHook;
}

export function createDecider(deps: DeciderDeps): Decider {
  const { state, workspaces, metrics, logger, onStep } = deps;
  const newComponent = createComponentIds();
  const access = createAccess(deps);
  const { decidePart, writesOf } = createDecidePart(newComponent);
  const shared = { access, workspaces, writesOf, newComponent, metrics, logger };
  const again = createDecideAgain(shared);
  return {
    get known() {
      return access.known;
    },
    settle: createSettle({ access, workspaces, decidePart, metrics, onStep }),
    again,
    erase: createErasePerson(state, again, shared),
  };
}
