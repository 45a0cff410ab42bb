import { type Clock, formatTime, type JobQueue, type Micros } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { opensBy, type Reader, type ReadKeys, type WebhookEndpoint } from '@kenal/service-kit';
import type { AttemptLog } from './attempt-log.ts';
import type { ManagedWebhooks } from './managed-webhooks.ts';
import type * as schemas from './schemas.ts';

export interface WebhookRouteDeps {
  readonly readKeys: ReadKeys;
  readonly webhooks: ManagedWebhooks;
  readonly attemptLog: AttemptLog;
  readonly clock: Clock;
  readonly queue: Pick<JobQueue, 'add' | 'retry'>;
}

export const PATH = '/v1/webhooks';
export const ONE = `${PATH}/:name` as const;
export const EXAMPLE = '{"name": "crm", "url": "https://crm.example/hooks", "filter": {"types": ["created"]}}';
export const SHARED = { tags: ['webhooks'], security: opensBy('manage') };
/** Who has profiles told elsewhere must be able to read them. */
export const TELLS = { ...SHARED, security: opensBy('manage', 'changes') };

/** Nobody has sent to a stranger what they may not read. */
export function mayTell({ name, verbs, fields, workspace }: Reader): void {
  if (verbs.includes('changes') && fields === null) return;
  throw new KenalError(
    'forbidden',
    `${name} may not read all of the change feed of workspace ${workspace} itself (verb changes, without fields)`,
  );
}

export function present(endpoint: WebhookEndpoint, now: Micros): schemas.WebhookView {
  const { id, name, from, url, description, filter, actions, enabled, disabledReason } = endpoint;
  const until = endpoint.rotatingUntil(now);
  return {
    ...{ id, name, from, url, description, actions, enabled, disabledReason },
    filter: filter as schemas.WebhookView['filter'],
    rotatingUntil: until === null ? null : formatTime(until),
  };
}
