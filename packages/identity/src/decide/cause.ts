import type { Change, IdentifierKey } from '@kenal/contracts';
import type { Assigned } from '../evidence/fields.ts';
import type { InteractionEvidence } from '../evidence/interaction-evidence.ts';

/** Why a profile changed: the `rule` of a change's cause. */
export const CAUSE_RULES = {
  /** Its first interaction. */
  firstSeen: 'first_seen',
  /** An interaction carried identifiers that were not together before. */
  link: 'link',
  /** An identify said something new. */
  traits: 'traits',
  /** Something was computed of it. */
  computed: 'computed',
  /** Earlier evidence took the place of a link that a limit now forbids. */
  limit: 'limit',
  /** The state was lost and is read again from the log. */
  recovery: 'recovery',
} as const;
export type CauseRule = (typeof CAUSE_RULES)[keyof typeof CAUSE_RULES];

/**
 * Name the interaction that a change came from, of those decided together (in log order).
 * @param members identifiers of the profile now
 * @param merged profiles that ended in this one
 * @param assigned who had which identifier before
 */
export function causeOf(
  evidence: readonly InteractionEvidence[],
  rule: CauseRule,
  members: readonly IdentifierKey[],
  merged: readonly string[],
  assigned: ReadonlyMap<IdentifierKey, Assigned>,
): Change['cause'] {
  const chosen =
    evidence.length === 1 ? evidence[0] : chosenOf(evidence, rule, new Set(members), new Set(merged), assigned);
  return { messageId: chosen?.messageId ?? '', source: chosen?.source ?? '', rule: chosen?.rule ?? rule };
}

function chosenOf(
  evidence: readonly InteractionEvidence[],
  rule: CauseRule,
  members: ReadonlySet<IdentifierKey>,
  merged: ReadonlySet<string>,
  assigned: ReadonlyMap<IdentifierKey, Assigned>,
): InteractionEvidence | undefined {
  const touching = evidence.filter(({ keys }) => keys.some((key) => members.has(key)));
  // The link that reached out of a profile which is gone now
  const joining = touching.find(({ keys }) => {
    const profiles = new Set(keys.map((key) => assigned.get(key)?.profileId ?? ''));
    return profiles.size > 1 && [...profiles].some((profile) => merged.has(profile));
  });
  const first = rule === CAUSE_RULES.firstSeen ? touching[0] : touching.at(-1);
  return (merged.size > 0 ? joining : undefined) ?? first ?? evidence.at(-1);
}

/** What a directive is, or null where the id is that of an interaction. */
export function directiveRule(evidence: readonly InteractionEvidence[], messageId: string): string | null {
  return evidence.find((one) => one.messageId === messageId && one.rule !== undefined)?.rule ?? null;
}
