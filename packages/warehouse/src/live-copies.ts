import { ERASED } from './erased.ts';
import { copyBehind, isThere, type LiveCopy } from './live-copy.ts';
import { applyReturned, OVERRIDES } from './overrides.ts';
import type { Warehouse } from './warehouse.ts';

const COPIES: readonly LiveCopy[] = [ERASED, OVERRIDES];

/** Compare what views ask in memory with the durable tables and mend it. @returns how many keys were behind */
export async function verifyLiveCopies(warehouse: Warehouse): Promise<number> {
  await applyReturned(warehouse);
  let mended = 0;
  for (const copy of COPIES) mended += await copyBehind(warehouse, copy);
  return mended;
}

/** Fill the copies in memory where the schema has them already. */
export async function refillLiveCopies(warehouse: Warehouse): Promise<void> {
  for (const copy of COPIES) if (await isThere(warehouse, copy)) await copyBehind(warehouse, copy);
}
