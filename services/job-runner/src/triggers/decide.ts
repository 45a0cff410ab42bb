import { createHash } from 'node:crypto';
import type { TriggerRule } from '@kenal/contracts';

/** Somebody of whom a signal speaks, and how things stand with them. */
export interface Candidate {
  readonly profileId: string;
  readonly occurrence: string;
  /** Purpose → granted; a purpose of which nothing was said is not in it. */
  readonly consent: Readonly<Record<string, boolean>>;
  readonly isNever: boolean;
  /** Contacts within the days of the cap, those that rules before this one have just decided too. */
  readonly contacts: number;
  /** What was decided of this occurrence before: '' or `suppressed`, and why. */
  readonly before: { readonly state: string; readonly reason: string; readonly ver: number };
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Why nobody may do it. */
export type Forbidden = 'never_target' | 'no_contact' | 'consent';

export type Verdict =
  | { readonly state: 'sent' | 'held_out'; readonly reason: '' }
  | { readonly state: 'suppressed'; readonly reason: Forbidden | 'cap' | 'no_rule' };

export interface Decision {
  readonly candidate: Candidate;
  readonly verdict: Verdict;
}

/** Consent to be contacted at all; refused, no rule reaches the person. */
const CONTACT = 'contact';

export interface DecideInput {
  readonly workspace: string;
  readonly rule: TriggerRule;
  readonly most: number;
  readonly candidates: readonly Candidate[];
}

/**
 * What becomes of each candidate. What may not be sent is told first, so the two groups that chance makes of the rest differ in
 * nothing else; who is held out counts as contacted for the cap, or the groups would drift apart.
 */
export function decideActions({ workspace, rule, most, candidates }: DecideInput): Decision[] {
  const decided = new Map<string, number>();
  return candidates.map((candidate) => {
    const { profileId } = candidate;
    const contacts = candidate.contacts + (decided.get(profileId) ?? 0);
    const verdict = verdictOn(candidate, rule, contacts < most, workspace);
    if (verdict.state !== 'suppressed') decided.set(profileId, (decided.get(profileId) ?? 0) + 1);
    return { candidate, verdict };
  });
}

function verdictOn(candidate: Candidate, rule: TriggerRule, hasRoom: boolean, workspace: string): Verdict {
  const forbidden = forbiddenOf(candidate, rule);
  if (forbidden !== null) return { state: 'suppressed', reason: forbidden };
  if (!hasRoom) return { state: 'suppressed', reason: 'cap' };
  return { state: lot(workspace, rule.name, candidate.profileId) < rule.holdOut ? 'held_out' : 'sent', reason: '' };
}

/** What keeps a rule from a person, whatever the caps say. */
export function forbiddenOf(
  { consent, isNever }: Pick<Candidate, 'consent' | 'isNever'>,
  rule: Pick<TriggerRule, 'purpose' | 'consent'>,
): Forbidden | null {
  if (isNever) return 'never_target';
  if (consent[CONTACT] === false) return 'no_contact';
  const said = consent[rule.purpose];
  return (rule.consent === 'opt_in' ? said !== true : said === false) ? 'consent' : null;
}

/** A number of [0, 1) that is the person's for this rule, whenever it is drawn: nobody changes sides. */
function lot(workspace: string, rule: string, profileId: string): number {
  return (
    createHash('sha256')
      .update(JSON.stringify(['hold-out', workspace, rule, profileId]))
      .digest()
      .readUIntBE(0, 6) /
    2 ** 48
  );
}

export function actionIdOf(workspace: string, rule: string, profileId: string, occurrence: string): string {
  const name = JSON.stringify([workspace, rule, profileId, occurrence]);
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}
