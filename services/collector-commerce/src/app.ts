import {
  createAdmission,
  createRateLimiter,
  createVendorCollector,
  VENDOR_LIMITS,
  type VendorCollectorDeps,
} from '@kenal/collector-kit';
import { registerOpenApi, type Service } from '@kenal/service-kit';
import manifest from '../package.json' with { type: 'json' };
import { mountCloudEvents } from './cloudevents/routes.ts';
import { createCustomHmac } from './mapping/custom-hmac.ts';
import { VENDORS } from './vendors/index.ts';

export type CollectorCommerceDeps = Omit<VendorCollectorDeps, 'name' | 'vendors'>;

const BYTES_IN_FLIGHT = 64 * 1024 * 1024;
const DRAIN_TIMEOUT_MS = 10_000;

/**
 * Shops, payments, shipments, any other signed webhook, and CloudEvents as a service: HTTP in, topics interactions, failed
 * and receipts out.
 * @throws KenalError `bad_config` where a mapping file or a secret is at fault
 */
export function createCollectorCommerce(deps: CollectorCommerceDeps): Service {
  const vendors = [...VENDORS, createCustomHmac(deps.config)];
  const collector = createVendorCollector({ ...deps, name: 'collector-commerce', vendors });
  const { acceptor, keyring } = collector;
  const admission = createAdmission(BYTES_IN_FLIGHT, () => acceptor.backlogBytes);
  const rates = createRateLimiter(deps.clock, VENDOR_LIMITS.batchEvents);
  return {
    async routes(app) {
      await registerOpenApi(app, manifest.version);
      await collector.routes?.(app);
      mountCloudEvents(app, { acceptor, keyring, rates, admission, limits: VENDOR_LIMITS });
    },
    start: () => collector.start(),
    async stop() {
      await admission.drain(DRAIN_TIMEOUT_MS);
      await collector.stop();
    },
  };
}
