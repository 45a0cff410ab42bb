import type { Clock, EventLog } from '@kenal/contracts';
import type { Workspaces } from '@kenal/identity';
import type { Decider } from '../deciding/decider.ts';
import type { Positions } from '../positions.ts';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import { createNormaliseStep } from './normalise.ts';
import { createPlaceStep } from './place.ts';
import { createPublishStep } from './publish.ts';
import { createRefuseStep } from './refuse.ts';

export interface StepsDeps {
  readonly log: EventLog;
  readonly workspaces: Workspaces;
  readonly decider: Decider;
  readonly positions: Pick<Positions, 'isRecovering'>;
  readonly metrics: ResolverMetrics;
  readonly clock: Clock;
}

/** The steps that rounds and the lane have in common. */
export function createSteps({ log, workspaces, decider, positions, metrics, clock }: StepsDeps) {
  return {
    normalise: createNormaliseStep(workspaces),
    place: createPlaceStep(decider, positions.isRecovering, clock),
    publish: createPublishStep(log, clock),
    refuse: createRefuseStep(log, clock, metrics),
  };
}
export type Steps = ReturnType<typeof createSteps>;
