import type { Action, Clock, EventLog } from '@kenal/contracts';
import { createTopicWriter } from '@kenal/event-log';
import type { Logger } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import { createDriversMart } from '../loyalty/drivers-mart.ts';
import { createNeedsMart } from '../loyalty/needs-mart.ts';
import { createActionRows } from '../triggers/action-rows.ts';
import { createReadCandidates } from '../triggers/candidates.ts';
import { createTriggers } from '../triggers/triggers.ts';
import type { Marts } from './mart.ts';

export interface MartDeps {
  readonly log: EventLog;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who computes which mart. */
export function createMarts({ log, warehouse, clock }: MartDeps): Marts {
  const actions = createTopicWriter<Action>(log, 'actions');
  return {
    needs: createNeedsMart({ warehouse, clock }),
    drivers: createDriversMart({ warehouse, clock }),
    triggers: createTriggers({
      readCandidates: createReadCandidates(warehouse),
      actionRows: createActionRows(warehouse, actions, clock),
      clock,
    }),
  };
}
