import { type IdentityConfig, parseKey } from '@kenal/contracts';
import { createNormaliser } from '@kenal/identity';

/** Of no account: stored phone numbers have their country. */
const REGION = 'US';

/**
 * Tells of a stored identifier whether the rules of then call it nobody's, and those of today do not. What it is joined by
 * stays where it is under either: values are blocked as they come in.
 * @returns null where nothing is blocked that is not blocked today
 */
export function createNewlyBlocked(
  today: IdentityConfig,
  then: IdentityConfig,
): ((identifier: string) => boolean) | null {
  const listsOf = ({ blocked, blockedPatterns = [] }: IdentityConfig) => JSON.stringify([blocked, blockedPatterns]);
  if (listsOf(today) === listsOf(then)) return null;
  const [now, later] = [createNormaliser(today, REGION), createNormaliser(then, REGION)];
  return function isNewlyBlocked(key) {
    const identifier = parseKey(key);
    if (identifier === null) return false;
    return later([identifier]).blocked.length > 0 && now([identifier]).blocked.length === 0;
  };
}
