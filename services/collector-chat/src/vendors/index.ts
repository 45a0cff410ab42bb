import type { Vendor } from '@kenal/collector-kit';
import { chatwoot } from './chatwoot.ts';
import { intercom } from './intercom.ts';
import { slack } from './slack.ts';
import { telegram } from './telegram.ts';
import { whatsapp } from './whatsapp.ts';
import { zendesk } from './zendesk.ts';

/** Every vendor that this collector serves, a file each. */
export const VENDORS: readonly Vendor[] = [slack, whatsapp, telegram, intercom, zendesk, chatwoot];
