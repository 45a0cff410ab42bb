import { type IdentifierKey, type IdentityConfig, parseKey } from '@kenal/contracts';
import { remember } from './lru.ts';
import { createNormaliser } from './normalise.ts';

/** Of no account: a stored telephone number has its country. */
const REGION = 'US';
const REMEMBERED = 10_000;

/**
 * Whether the lists of a workspace call a stored identifier nobody's, which may have come before they did.
 * @returns null where the lists are empty
 * @throws KenalError `bad_config` where a pattern is none
 */
export function createBlockedKeys(config: IdentityConfig): ((key: IdentifierKey) => boolean) | null {
  if (config.blocked.length + (config.blockedPatterns ?? []).length === 0) return null;
  const normalise = createNormaliser(config, REGION);
  return remember((key) => {
    const identifier = parseKey(key);
    return identifier !== null && normalise([identifier]).blocked[0]?.reason === 'configured';
  }, REMEMBERED);
}
