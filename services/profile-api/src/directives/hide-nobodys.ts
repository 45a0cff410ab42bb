import { askedAt, type Directive } from '@kenal/contracts';
import { applyErased, hideFailed, type Warehouse } from '@kenal/warehouse';
import type { ProfileReader } from '../profiles/reader.ts';

/** Mask an identifier that no profile has, wherever the warehouse names it, once its erasure stands in the log. */
export type HideNobodys = (directive: Directive, ref: string) => Promise<void>;

/**
 * Of a profile the resolver tells the loader which identifiers are released. Of what is in no profile it knows a keyed hash
 * only, and the log keeps no more: so whoever was told the identifier says it to the warehouse.
 */
export function createHideNobodys(reader: Pick<ProfileReader, 'normalised'>, warehouse: Warehouse): HideNobodys {
  return async function hide(directive, ref) {
    const { kind, profileId, workspace } = directive;
    if (kind !== 'erase' || profileId !== null) return;
    const erased = [{ workspace, key: await reader.normalised(workspace, ref), ver: askedAt(directive) }];
    await applyErased(warehouse, erased);
    await hideFailed(warehouse, workspace, erased);
  };
}
