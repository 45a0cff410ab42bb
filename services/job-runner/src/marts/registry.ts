import type { Action, Clock, EventLog } from '@kenal/contracts';
import { createTopicWriter } from '@kenal/event-log';
import type { Logger } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import { createModelsMart } from '../scores/models-mart.ts';
import { createScoresMart } from '../scores/scores-mart.ts';
import { createActionRows } from '../triggers/action-rows.ts';
import { createReadCandidates } from '../triggers/candidates.ts';
import { createTriggers } from '../triggers/triggers.ts';
import { createCustomerDay } from './customer-day.ts';
import type { Marts } from './mart.ts';

export interface MartDeps {
  readonly log: EventLog;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who computes which mart. */
export function createMarts(deps: MartDeps): Marts {
  const { log, warehouse, clock } = deps;
  const actions = createTopicWriter<Action>(log, 'actions');
  return {
    customer_day: createCustomerDay(warehouse),
    models: createModelsMart(deps),
    scores: createScoresMart(deps),
    triggers: createTriggers({
      readCandidates: createReadCandidates(warehouse),
      actionRows: createActionRows(warehouse, actions, clock),
      clock,
    }),
  };
}
