import {
  createKeyring,
  createRateLimiter,
  createVendorCollector,
  LEAST_BURST,
  VENDOR_LIMITS,
  type VendorCollectorDeps,
} from '@kenal/collector-kit';
import type { Service } from '@kenal/service-kit';
import { mountCloudEvents } from './cloudevents/routes.ts';
import { createCustomHmac } from './mapping/custom-hmac.ts';
import { VENDORS } from './vendors/index.ts';

export type CollectorCommerceDeps = Omit<VendorCollectorDeps, 'name' | 'vendors' | 'keyring'>;

/**
 * Shops, payments, shipments, any other signed webhook, and CloudEvents as a service: HTTP in, topics interactions, failed
 * and receipts out.
 * @throws KenalError `bad_config` where a mapping file or a secret is at fault
 */
export function createCollectorCommerce(deps: CollectorCommerceDeps): Service {
  const keyring = createKeyring(deps.config);
  const vendors = [...VENDORS, createCustomHmac(deps.config, keyring)];
  const collector = createVendorCollector({ ...deps, name: 'collector-commerce', vendors, keyring });
  const { acceptor, admission } = collector;
  const rates = createRateLimiter(deps.clock, LEAST_BURST);
  return {
    async routes(app) {
      await collector.routes?.(app);
      mountCloudEvents(app, { acceptor, keyring, rates, admission, limits: VENDOR_LIMITS });
    },
    start: () => collector.start(),
    stop: () => collector.stop(),
  };
}
