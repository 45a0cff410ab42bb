import type { Action, Clock, EventLog, IdentityState } from '@kenal/contracts';
import { createTopicWriter } from '@kenal/event-log';
import type { Logger } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import { createAskEndpoint } from '../computed/ask.ts';
import { createComputed } from '../computed/create.ts';
import { SOURCES } from '../computed/sources.ts';
import { createDriversMart } from '../loyalty/drivers-mart.ts';
import { createNeedsMart } from '../loyalty/needs-mart.ts';
import { createProductsMart } from '../products/products-mart.ts';
import { createModelsMart } from '../scores/models-mart.ts';
import { createScoresMart } from '../scores/scores-mart.ts';
import { createActionRows } from '../triggers/action-rows.ts';
import { createReadCandidates } from '../triggers/candidates.ts';
import { createDeclared } from '../triggers/declared.ts';
import { createOpenFound } from '../triggers/found.ts';
import { createRules } from '../triggers/rules.ts';
import { createTriggers } from '../triggers/triggers.ts';
import { createCustomerDay } from './customer-day.ts';
import type { Marts } from './mart.ts';

export interface MartDeps {
  readonly log: EventLog;
  readonly state: IdentityState;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The profile API, whose SQL endpoint runs what kenal.yaml says. */
  readonly api: { readonly url: string; readonly keyFor: (workspace: string) => string };
}

/** Who computes which mart. */
export function createMarts(deps: MartDeps): Marts {
  const { log, warehouse, clock, api } = deps;
  const askDeclared = createAskEndpoint(api.url, api.keyFor);
  const declared = createDeclared(warehouse, askDeclared);
  const actions = createTopicWriter<Action>(log, 'actions');
  return {
    customer_day: createCustomerDay(warehouse),
    models: createModelsMart(deps),
    scores: createScoresMart(deps),
    products: createProductsMart(deps),
    needs: createNeedsMart(deps),
    drivers: createDriversMart(deps),
    computed: createComputed({ ...deps, askDeclared, sources: SOURCES }),
    triggers: createTriggers({
      warehouse,
      rules: createRules(warehouse, clock),
      readCandidates: createReadCandidates({ warehouse, declared }),
      declared,
      openFound: createOpenFound(warehouse),
      actionRows: createActionRows(warehouse, actions, clock),
      clock,
    }),
  };
}
