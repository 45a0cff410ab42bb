import type { IdentityRules } from '@kenal/identity';

/**
 * Why a link joined nobody, in words: `limit:email` → `a person has at most 5 email (identity.limits)`.
 * @param reason as `@kenal/identity` gives it
 */
export function reasonInWords(reason: string, rules: Pick<IdentityRules, 'limitOf'>): string {
  const colon = reason.indexOf(':');
  const kind = colon < 0 ? reason : reason.slice(0, colon);
  const about = colon < 0 ? '' : reason.slice(colon + 1);
  if (kind === 'limit') return `a person has at most ${rules.limitOf(about)} ${about} (identity.limits)`;
  if (kind === 'hub')
    return `${about} is used by more people than one person has, so its links join nobody (identity.caps)`;
  if (kind === 'cannot')
    return `somebody decided that ${about.split('|').join(' and ')} are two people (kenal identity directives)`;
  if (kind === 'blocked') return `${about} is blocked, so it joins nobody (identity.blocked)`;
  if (kind === 'oversize') return 'the person would be too large: links between two weak identifiers are dropped first';
  if (kind === 'guard') return 'the records of the two differ too much, all together';
  return reason;
}
