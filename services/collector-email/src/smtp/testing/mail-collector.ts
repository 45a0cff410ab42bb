import { hashKey } from '@kenal/service-kit';
import {
  startVendorCollector,
  type TestVendorCollector,
  type VendorCollectorOptions,
} from '../../../../../test/support/vendor-collector.ts';
import { type CollectorEmailDeps, createCollectorEmail, type EmailCollector } from '../../app.ts';
import type { SmtpOptions } from '../server.ts';

/** The write key of source `inbox`, whose own domain is shop.example, and of source `second`. */
export const KEY = 'kw_inbox-0123456789';
export const SECOND_KEY = 'kw_second-0123456789';

export interface TestMailCollector extends TestVendorCollector {
  readonly smtpUrl: string;
}

/** A collector that takes mail by SMTP on a free port. */
export async function startMailCollector(
  smtp: Partial<SmtpOptions> = {},
  { reading, ...more }: Pick<VendorCollectorOptions, 'wrapLog'> & Pick<CollectorEmailDeps, 'reading'> = {},
): Promise<TestMailCollector> {
  let service: EmailCollector | null = null;
  const collector = await startVendorCollector(
    (deps) => {
      service = createCollectorEmail({
        ...deps,
        ...(reading === undefined ? {} : { reading }),
        smtp: { port: { number: 0, onTaken: 'fail' }, name: 'mx', ...smtp },
      });
      return service;
    },
    {
      ...more,
      sources: [
        { id: 'inbox', kind: 'smtp', keys: [{ key: hashKey(KEY) }], own: ['shop.example'] },
        { id: 'second', kind: 'smtp', keys: [{ key: hashKey(SECOND_KEY) }], eventsPerSecond: 1 },
        { id: 'off', kind: 'smtp', keys: [{ key: hashKey('kw_off-0123456789') }], enabled: false },
      ],
    },
  );
  const smtpUrl = (service as EmailCollector | null)?.smtpUrl;
  if (typeof smtpUrl !== 'string') throw new Error('no SMTP server was started');
  return Object.assign(collector, { smtpUrl });
}
