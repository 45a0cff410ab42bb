import type { Vendor } from '@kenal/collector-kit';
import type { ReaderPool } from '../readers/pool.ts';
import { mailgun } from './mailgun.ts';
import { postmark } from './postmark.ts';
import { sendgridEvents } from './sendgrid-events.ts';
import { sendgridParse } from './sendgrid-parse.ts';
import { type ConfirmSubscription, ses } from './ses.ts';
import { smtp } from './smtp.ts';

/** Every vendor that this collector serves, a file each. */
export function createVendors(pool: ReaderPool, confirm: ConfirmSubscription): readonly Vendor[] {
  return [smtp(pool), sendgridParse(pool), sendgridEvents, mailgun(pool), postmark(pool), ses(pool, confirm)];
}
