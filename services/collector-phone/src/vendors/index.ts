import type { Vendor } from '@kenal/collector-kit';
import { asterisk } from './asterisk.ts';
import { connect } from './connect.ts';
import { freeswitch } from './freeswitch.ts';
import { twilio } from './twilio.ts';

/** Every vendor that this collector serves, a file each. */
export const VENDORS: readonly Vendor[] = [twilio, asterisk, freeswitch, connect];
