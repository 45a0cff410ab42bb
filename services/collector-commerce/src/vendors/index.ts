import type { Vendor } from '@kenal/collector-kit';
import { aftership } from './aftership.ts';
import { shopify } from './shopify.ts';
import { stripe } from './stripe.ts';
import { woocommerce } from './woocommerce.ts';

/** Every vendor that this collector serves, a file each; `custom-hmac` is made of mapping files (`../mapping`). */
export const VENDORS: readonly Vendor[] = [shopify, woocommerce, stripe, aftership];
