import {
  type Clock,
  type EventLog,
  type IdentityState,
  type JobQueue,
  type JobWorker,
  type KenalConfig,
  MICROS_PER_DAY,
  WEBHOOK_JOB,
} from '@kenal/contracts';
import { type Health, type Logger, type Metrics, repeat, type Service, type WebhookEndpoint } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import type { Door } from '../door.ts';
import { forgetErased } from '../marts/forget-erased.ts';
import { resolveHost } from '../outgoing/resolve-host.ts';
import { ATTEMPTS_TABLE, createAttempts } from './attempts.ts';
import { createDeliver } from './deliver.ts';
import { createEndpoints } from './endpoints.ts';
import { createErasedPeople } from './erased-people.ts';
import { createFeedEvents } from './feed-events.ts';
import { createPost, type Post } from './post.ts';
import { readFeed } from './reader.ts';
import { createReaders } from './readers.ts';
import { createRecover } from './recover.ts';
import { createWebhookMetrics } from './webhook-metrics.ts';
import { createWholeQueue } from './whole-queue.ts';

export interface WebhooksDeps {
  readonly log: EventLog;
  readonly state: Pick<IdentityState, 'anchor'>;
  readonly queue: JobQueue;
  readonly warehouse: Pick<Warehouse, 'insert' | 'query' | 'raw'>;
  readonly config: KenalConfig;
  readonly door: Pick<Door, 'disableWebhook'>;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What goes out; default: to where the machine resolves the name, within 15 s. */
  readonly post?: Post | undefined;
  /** Between attempts; default `WEBHOOK_WAITS_MS`. */
  readonly waitsMs?: readonly number[] | undefined;
  /** How often is looked for endpoints that are new or changed, and attempts are written down; default 1 s. */
  readonly lookMs?: number | undefined;
}

const LOOK_MS = 1_000;
const HOURLY = { everyMs: 3_600_000, againMs: 60_000 } as const;
/** Deliveries at once in this process: with sixteen of an endpoint, a hundred that hang leave room. */
const CONCURRENCY = 2_000;
/** What is on its way at a stop may end within so long; then it counts as failed. */
const GRACE_MS = 2_000;
/** What was left out while an endpoint was off is made up for within so many days after it is on again. */
const REMEMBERED = 8 * MICROS_PER_DAY;

/** Delivers changes of profiles, and actions, to the endpoints of all workspaces (README.md). */
export function createWebhooks(deps: WebhooksDeps): Service {
  const { log, state, queue, warehouse, config, door, health, clock, logger, lookMs = LOOK_MS } = deps;
  const endpoints = createEndpoints(log, config, logger);
  const attempts = createAttempts({ warehouse, clock, logger, everyMs: lookMs });
  const events = createFeedEvents(log, logger);
  const how = { random: Math.random, waitsMs: deps.waitsMs };
  const recover = createRecover({ log, queue, events, attempts, clock, how });
  const metrics = createWebhookMetrics(deps.metrics);
  const stopping = new AbortController();
  let worker: JobWorker | null = null;

  const whole = createWholeQueue({
    queue,
    async recover(what) {
      let count = 0;
      for (const endpoint of endpoints.all()) if (endpoint.enabled) count += await recover(endpoint, what);
      if (what === 'recent' || count === 0) return;
      metrics.recovered.inc(count);
      logger.warn({ deliveries: count }, 'the queue had lost deliveries; they were put into it again');
    },
  });
  const readers = createReaders(async (endpoint) => {
    const { id, enabledAt } = endpoint;
    await whole.check();
    if (enabledAt !== null && enabledAt > clock() - REMEMBERED) await recover(endpoint, 'all');
    return readFeed(endpoint, { log, queue, events, endpoint: () => endpoints.of(id), whole, how, logger });
  }, logger);
  const deliver = createDeliver({
    ...{ events, attempts, metrics, clock, logger },
    async endpointOf(workspace, id) {
      if (endpoints.of(id) === undefined) await endpoints.catchUp();
      const endpoint = endpoints.of(id);
      return endpoint?.workspace === workspace ? endpoint : undefined;
    },
    erased: createErasedPeople({ log, state, config }),
    post: deps.post ?? createPost({ resolve: resolveHost, stopping: stopping.signal }),
    async disable({ workspace, name }, reason) {
      await door.disableWebhook(workspace, name, reason);
      // Before the next of the profile is looked at
      await endpoints.catchUp();
    },
  });
  const follow = async (): Promise<void> => {
    await endpoints.catchUp();
    // Not before it is known who there is
    worker ??= await queue.work(WEBHOOK_JOB, CONCURRENCY, deliver);
    metrics.stopped.set(stoppedOf(endpoints.all()).length);
    await readers.follow(endpoints.all());
    await whole.check();
  };
  const forget = async (): Promise<void> => {
    for (const { id } of config.workspaces) await forgetErased(warehouse, ATTEMPTS_TABLE, id);
  };
  const warn = (message: string) => (err: unknown) => logger.warn({ err }, message);
  const looking = repeat(follow, {
    everyMs: lookMs,
    againMs: lookMs,
    onFault: warn('endpoints of webhooks are those of before'),
  });
  const forgetting = repeat(forget, {
    ...HOURLY,
    onFault: warn('attempts of who is erased are hidden, and still there'),
  });

  return {
    async start() {
      health.add('webhooks', () => looking.fault ?? warningOf(endpoints.all()));
      looking.start(0);
      forgetting.start(HOURLY.againMs);
    },
    async stop() {
      await Promise.all([looking.stop(), forgetting.stop()]);
      await readers.stop();
      const patience = setTimeout(() => stopping.abort(new Error('Kenal was stopped')), GRACE_MS);
      await worker?.drain();
      clearTimeout(patience);
      await attempts.stop();
    },
  };
}

/** Endpoints that Kenal has stopped: somebody should look. */
function stoppedOf(endpoints: readonly WebhookEndpoint[]): readonly WebhookEndpoint[] {
  return endpoints.filter(({ enabled, disabledReason }) => !enabled && disabledReason !== null);
}

function warningOf(endpoints: readonly WebhookEndpoint[]): { readonly warning: string } | null {
  const stopped = stoppedOf(endpoints);
  if (stopped.length === 0) return null;
  const told = stopped.map(({ workspace, name, disabledReason }) => `${name} of ${workspace} (${disabledReason})`);
  return { warning: `stopped, and to be switched on again when mended: ${told.join(', ')}` };
}
