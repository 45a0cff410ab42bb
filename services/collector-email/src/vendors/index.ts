import type { Vendor } from '@kenal/collector-kit';
import type { ReaderPool } from '../readers/pool.ts';
import { mailgun } from './mailgun.ts';
import { postmark } from './postmark.ts';
import { sendgridEvents } from './sendgrid-events.ts';
import { sendgridParse } from './sendgrid-parse.ts';
import { type ConfirmSubscription, ses } from './ses.ts';
import { smtp } from './smtp.ts';
import { withoutKeys } from './without-keys.ts';

export interface VendorDeps {
  readonly pool: ReaderPool;
  readonly confirm: ConfirmSubscription;
  /** Whether an address names a write key. */
  readonly opensKey: (address: string) => boolean;
}

/** Every vendor that this collector serves, a file each. */
export function createVendors({ pool, confirm, opensKey }: VendorDeps): readonly Vendor[] {
  const all = [smtp(pool), sendgridParse(pool), sendgridEvents, mailgun(pool), postmark(pool), ses(pool, confirm)];
  return all.map((vendor) => withoutKeys(vendor, opensKey));
}
