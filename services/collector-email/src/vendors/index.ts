import type { Vendor } from '@kenal/collector-kit';

/** Every vendor that this collector serves, a file each. */
export const VENDORS: readonly Vendor[] = [];
