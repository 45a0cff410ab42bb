import type { EventLog, JobQueue } from '@kenal/contracts';
import { createLogger, type WebhookEndpoint } from '@kenal/service-kit';
import { createFeedEvents } from '../feed-events.ts';
import { readFeed } from '../reader.ts';

/** An endpoint of workspace `shop` that is told of everything, and that nothing is delivered to. */
export const ENDPOINT: WebhookEndpoint = {
  ...{ workspace: 'shop', id: 'e1', name: 'e1', from: 'api', url: 'https://hooks.example.com/', description: '' },
  ...{ filter: {}, actions: false, enabled: true, disabledReason: null, enabledAt: null, rotatingUntil: () => null },
  ...{ startAt: [], allowsLoopback: false, secrets: () => [] },
};

const WHOLE = { check: async () => {}, doubt: () => {} };

export function startReader(log: EventLog, queue: Pick<JobQueue, 'add'>) {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const events = createFeedEvents(log, logger);
  const how = { random: () => 0.5 };
  return readFeed(ENDPOINT, { log, queue, events, endpoint: () => ENDPOINT, whole: WHOLE, how, logger });
}
