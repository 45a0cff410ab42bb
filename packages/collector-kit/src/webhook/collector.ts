import type { Clock, EventLog, KenalConfig, SourceKind } from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import {
  createReadKeys,
  type Health,
  type Logger,
  type Metrics,
  registerOpenApi,
  type Service,
} from '@kenal/service-kit';
import manifest from '../../package.json' with { type: 'json' };
import { type Acceptor, createAcceptor } from '../acceptor.ts';
import type { BlobStore } from '../blobs.ts';
import { type Admission, createAdmission } from '../http/admission.ts';
import { createKeyring, type Keyring } from '../keyring.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { createRateLimiter, LEAST_BURST } from '../rate-limit.ts';
import { readSecrets } from '../secrets.ts';
import type { FetchCertificate } from '../signature/chain.ts';
import { fetchCertificate } from '../signature/fetch-certificate.ts';
import { createReplayCache } from '../signature/replay-cache.ts';
import { createVerifier } from '../signature/verify.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createProof } from './proof.ts';
import { mountVendor } from './routes.ts';
import type { Vendor } from './vendor.ts';

export interface VendorCollectorDeps {
  /** `collector-commerce` */
  readonly name: string;
  readonly vendors: readonly Vendor[];
  readonly log: EventLog;
  readonly config: KenalConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly blobs: BlobStore;
  /** Where `env:NAME` of `secrets` is read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of `config`, where a vendor was made with its sources; default: made here. */
  readonly keyring?: Keyring | undefined;
  /** As vendors reach us; default: as each call says. */
  readonly publicUrl?: string | undefined;
  /** How certificates of SNS are got and whom they are traced to; default: from Amazon, to the roots that Node knows. */
  readonly certificates?:
    | { readonly fetchCertificate: FetchCertificate; readonly trustedRoots: readonly string[] }
    | undefined;
}

/** The vendors of one collector on one acceptor, to which a service adds what is no webhook. */
export interface VendorCollector extends Service {
  readonly acceptor: Acceptor;
  readonly keyring: Keyring;
  /** Of bytes in flight, drained at the stop: for what is no webhook too. */
  readonly admission: Admission;
  /** What came by another way than a webhook is noted here too. */
  readonly deliveries: Deliveries;
}

/** An order of 500 lines is one event. */
export const VENDOR_LIMITS: Limits = { ...DEFAULT_LIMITS, eventBytes: 256 * 1024, keys: 20_000 };
const BYTES_IN_FLIGHT = 64 * 1024 * 1024;
const DRAIN_TIMEOUT_MS = 10_000;

/** @throws KenalError `bad_config` where a secret is not set */
export function createVendorCollector(deps: VendorCollectorDeps): VendorCollector {
  const { name, vendors, log, config, clock, logger, metrics, health, blobs, environment } = deps;
  const acceptor = createAcceptor({ log, clock, logger, metrics, blobs, limits: VENDOR_LIMITS });
  const kinds = new Set<SourceKind>(vendors.map(({ kind }) => kind));
  const secrets = readSecrets(config, kinds, environment);
  for (const weak of secrets.weak) logger.warn(weak, 'a secret is shorter than 16 characters: it can be guessed');
  const keyring = deps.keyring ?? createKeyring(config);
  const admission = createAdmission(BYTES_IN_FLIGHT, () => acceptor.backlogBytes);
  const verifier = createVerifier({ clock, fetchCertificate, ...deps.certificates });
  const replays = createReplayCache({ clock });
  const proof = createProof({ keyring, secrets, verifier, replays, publicUrl: deps.publicUrl ?? null });
  const refusals = metrics.counter('kenal_collector_refused_total', 'Requests refused whole, by code', ['code']);
  health.add(name, () => (acceptor.backlogBytes > 0 ? 'the event log takes no events; trying again' : null));
  const deliveries = createDeliveries();
  const routes = {
    ...{ acceptor, blobs, clock, logger, keyring, secrets, proof, admission },
    limits: VENDOR_LIMITS,
    readKeys: createReadKeys(config),
    rates: createRateLimiter(clock, LEAST_BURST),
    deliveries,
  };
  return {
    acceptor,
    keyring,
    admission,
    deliveries,
    async routes(app) {
      await registerOpenApi(app, manifest.version);
      await app.register(async (scope) => {
        scope.addHook('onError', (_request, _reply, error, done) => {
          refusals.inc({ code: isKenalError(error) ? error.code : 'internal' });
          done();
        });
        for (const vendor of vendors) mountVendor(scope, routes, vendor);
      });
    },
    async start() {
      acceptor.start();
    },
    async stop() {
      await admission.drain(DRAIN_TIMEOUT_MS);
      await acceptor.stop();
    },
  };
}
