import {
  type BlobStore,
  createAcceptor,
  createAdmission,
  createKeyring,
  createRateLimiter,
  DEFAULT_LIMITS,
  LEAST_BURST,
  type Limits,
} from '@kenal/collector-kit';
import { type Clock, type EventLog, formatTime, type KenalConfig } from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import { createSettle } from '@kenal/event-log';
import {
  createReadKeys,
  type Health,
  type Logger,
  type Metrics,
  registerOpenApi,
  type Service,
} from '@kenal/service-kit';
import type { FastifyInstance } from 'fastify';
import manifest from '../package.json' with { type: 'json' };
import type { Pipeline } from './pipeline.ts';
import { mountFailed } from './routes/failed.ts';
import { mountLinks } from './routes/links.ts';
import { mountPixel } from './routes/pixel.ts';
import { mountSettings } from './routes/settings.ts';
import { mountSettled } from './routes/settled.ts';
import { mountTracking } from './routes/tracking.ts';
import { allowOrigin } from './steps/cors.ts';

export interface CollectorWebDeps {
  readonly log: EventLog;
  readonly config: KenalConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Takes refused bodies that are too large for a log record, e.g. `createBlobFolder('<data>/blobs')`. */
  readonly blobs: BlobStore;
  /** As clients reach us, e.g. `https://events.example.com`; default: as each client did. */
  readonly publicUrl?: string | undefined;
  /** Signs click redirects; without it there are none. */
  readonly linkSecret?: string | undefined;
  readonly limits?: Limits | undefined;
  /** Most bytes of bodies in hand; beyond, 503. Default 64 MB. */
  readonly bytesInFlight?: number | undefined;
  /** How long clients may take to finish once the service stops; the rest is cut off. Default 10 s. */
  readonly drainTimeoutMs?: number | undefined;
}

const DRAIN_TIMEOUT_MS = 10_000;
const BYTES_IN_FLIGHT = 64 * 1024 * 1024;

/** The tracking API as a service: HTTP in, topics interactions, failed and receipts out. */
export function createCollectorWeb(deps: CollectorWebDeps): Service {
  const { log, config, clock, logger, metrics, health, blobs } = deps;
  const limits = deps.limits ?? DEFAULT_LIMITS;
  const acceptor = createAcceptor({ log, clock, logger, metrics, blobs, limits });
  const admission = createAdmission(deps.bytesInFlight ?? BYTES_IN_FLIGHT, () => acceptor.backlogBytes);
  const keyring = createKeyring(config);
  const rates = createRateLimiter(clock, LEAST_BURST);
  const pipeline: Pipeline = { acceptor, keyring, rates, admission, limits };
  const updatedAt = formatTime(clock());
  const settle = createSettle(log);
  const refusals = metrics.counter('kenal_collector_refused_total', 'Requests refused whole, by code', ['code']);
  const count = (error: unknown): void => refusals.inc({ code: codeOf(error) });

  // A log that is away, or whose disk is full: events get 503, so let a balancer look elsewhere until what waits is appended
  health.add('collector', () => (acceptor.backlogBytes > 0 ? 'the event log takes no events; trying again' : null));

  return {
    async routes(app) {
      await registerOpenApi(app, manifest.version);
      // A scope of its own: other services on this host answer no strange origins
      await app.register(async (scope: FastifyInstance) => {
        scope.addHook('onRequest', (request, reply, done) => {
          allowOrigin(request, reply);
          done();
        });
        scope.addHook('onError', (_request, _reply, error, done) => {
          count(error);
          done();
        });
        mountTracking(scope, pipeline);
        mountPixel(scope, pipeline, count);
        mountLinks(scope, pipeline, deps.linkSecret, count);
        mountSettings(scope, { keyring, publicUrl: deps.publicUrl, updatedAt });
        mountSettled(scope, keyring, settle);
      });
      mountFailed(app, { pipeline, blobs, readKeys: createReadKeys(config), clock });
    },
    async start() {
      acceptor.start();
    },
    async stop() {
      await admission.drain(deps.drainTimeoutMs ?? DRAIN_TIMEOUT_MS);
      await acceptor.stop();
    },
  };
}

function codeOf(error: unknown): string {
  if (isKenalError(error)) return error.code;
  return (error as { code?: unknown }).code === 'FST_ERR_CTP_BODY_TOO_LARGE' ? 'body_too_large' : 'internal';
}
