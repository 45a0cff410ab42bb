import type { Directive, IdentityState } from '@kenal/contracts';
import type { TopicFeed } from '@kenal/event-log';
import type { Workspaces } from '@kenal/identity';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import type { StepHook } from '../step-hook.ts';
import { createAccess } from './access.ts';
import { createComponentIds } from './component-ids.ts';
import { createDecideAgain, type DecideAgain } from './decide-again.ts';
import { createDecidePart } from './decide-part.ts';
import { createSettle, type Settle } from './settle.ts';

/** Loads, decides and writes: the only way into the components of the identity state. */
export interface Decider extends DecideAgain {
  readonly settle: Settle;
}

export interface DeciderDeps {
  readonly state: IdentityState;
  readonly workspaces: Workspaces;
  readonly feed: TopicFeed<Directive>;
  readonly metrics: ResolverMetrics;
  readonly onStep: StepHook;
}

export function createDecider({ state, workspaces, feed, metrics, onStep }: DeciderDeps): Decider {
  const newComponent = createComponentIds();
  const access = createAccess(state, feed, metrics);
  const { decidePart, writeOf } = createDecidePart(newComponent);
  return {
    settle: createSettle({ access, workspaces, decidePart, metrics, onStep }),
    ...createDecideAgain({ access, workspaces, writeOf, newComponent, metrics }),
  };
}
