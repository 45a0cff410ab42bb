import { hostname } from 'node:os';
import { createVendorCollector, type VendorCollector, type VendorCollectorDeps } from '@kenal/collector-kit';
import type { Service } from '@kenal/service-kit';
import { createReaderPool, type ReaderPoolDeps } from './readers/pool.ts';
import { opensKey } from './smtp/recipient.ts';
import { createSmtpService, type SmtpOptions } from './smtp/server.ts';
import { createTake } from './smtp/take.ts';
import { createVendors } from './vendors/index.ts';
import { type ConfirmSubscription, confirmSubscription } from './vendors/ses.ts';
import { withoutKeys } from './vendors/without-keys.ts';

export interface CollectorEmailDeps extends Omit<VendorCollectorDeps, 'name' | 'vendors'> {
  /** Where mail is taken; default: on this machine, port 2525 or the next free one, without STARTTLS. */
  readonly smtp?: Partial<SmtpOptions>;
  /** Threads that read; longest time and largest heap for one body; default 2, 2 s, 256 MB. */
  readonly reading?: Pick<ReaderPoolDeps, 'threads' | 'timeoutMs' | 'heapMb'>;
  /** Calls the address by which SNS is told that we want its messages; default: over the network. */
  readonly confirmSubscription?: ConfirmSubscription;
}

export interface EmailCollector extends Service {
  /** `smtp://127.0.0.1:2525` once it has started; null where no source is of kind smtp. */
  readonly smtpUrl: string | null;
}

export const DEFAULT_SMTP_PORT = 2525;

/** Mail and what mail providers tell of it as a service: SMTP and webhooks in, topics interactions, failed and receipts out. */
export function createCollectorEmail(deps: CollectorEmailDeps): EmailCollector {
  const { config, clock, logger, metrics } = deps;
  const pool = createReaderPool({ logger, metrics, ...deps.reading });
  const vendors = createVendors(pool, deps.confirmSubscription ?? confirmSubscription).map((vendor) =>
    withoutKeys(vendor, (address) => opensKey(collector.keyring, address)),
  );
  const collector: VendorCollector = createVendorCollector({ ...deps, name: 'collector-email', vendors });
  const wanted = config.workspaces.some(({ sources }) =>
    sources.some(({ kind, enabled }) => kind === 'smtp' && enabled),
  );
  const mail = vendors.find(({ kind }) => kind === 'smtp')!;
  const take = createTake({ acceptor: collector.acceptor, clock, logger }, mail, collector.deliveries);
  const server = wanted
    ? createSmtpService({ keyring: collector.keyring, clock, logger, metrics, take }, { ...defaults(), ...deps.smtp })
    : null;
  let smtpUrl: string | null = null;
  return {
    get smtpUrl() {
      return smtpUrl;
    },
    async routes(app) {
      await collector.routes?.(app);
    },
    async start() {
      await collector.start();
      if (server === null) return;
      smtpUrl = await server.start();
      logger.info({ smtpUrl }, 'taking mail');
    },
    async stop() {
      await server?.stop();
      await collector.stop();
      await pool.close();
    },
  };
}

function defaults(): SmtpOptions {
  return {
    host: '127.0.0.1',
    port: { number: DEFAULT_SMTP_PORT, onTaken: 'next' },
    name: hostname(),
    certificate: null,
  };
}
