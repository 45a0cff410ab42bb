import type { ComponentSnapshot, IdentityState, RecordName } from '@kenal/contracts';
import { areOneByEvidence, decisionOn, linkWeight, type Standing, standingOf } from '@kenal/identity';
import type { Contribution } from '@kenal/identity/linkage';
import { DOUBTS, type Doubt } from '../linkage/doubt.ts';
import type { RevokedSources } from '../revoked-sources.ts';

/** Two records that may be one person. */
export interface Suspect {
  readonly a: RecordName;
  readonly b: RecordName;
  /** Log2 odds. */
  readonly score: number;
  readonly probability: number;
  /** Null: sure enough to be joined by nobody's hand, as far as the records tell. */
  readonly doubt: Doubt | null;
  readonly waterfall: readonly Contribution[];
}

/** What is to be done about pairs, as everything stands today. */
export interface Verdict {
  /** To be joined. */
  readonly links: readonly Suspect[];
  /** To be asked about. */
  readonly questions: readonly Suspect[];
}

/** The model by which pairs were found. */
export interface JudgedModel {
  readonly version: string;
  /** Else what is one profile today may be so by the word of the model before, and fall apart with it. */
  readonly isInForce: boolean;
}

export type JudgePairs = (workspace: string, model: JudgedModel, pairs: readonly Suspect[]) => Promise<Verdict>;

/**
 * Hold pairs against the identity state: what somebody has decided is not asked again, what events already made one person
 * needs no link, and profiles with different accounts are never joined without a person's word.
 */
export function createJudgePairs(state: Pick<IdentityState, 'load'>, revokedSources: RevokedSources): JudgePairs {
  return async function judgePairs(workspace, model, pairs) {
    const owners = new Set(pairs.flatMap(({ a, b }) => [a.owner, b.owner]));
    const revoked = await revokedSources(workspace);
    const { pointers, components } = await state.load(workspace, [...owners]);
    const componentOf = (owner: string): ComponentSnapshot | undefined => components.get(pointers.get(owner) ?? '');
    const verdict = { links: [] as Suspect[], questions: [] as Suspect[] };
    for (const pair of pairs) {
      const [left, right] = [componentOf(pair.a.owner), componentOf(pair.b.owner)];
      if (left === undefined || right === undefined) continue;
      const kind = judge(pair, model, revoked, left, right);
      if (kind === 'link') verdict.links.push(pair);
      if (kind === 'question') verdict.questions.push(pair.doubt === null ? { ...pair, doubt: DOUBTS.accounts } : pair);
    }
    return verdict;
  };
}

function judge(
  { a: { owner: a }, b: { owner: b }, doubt }: Suspect,
  model: JudgedModel,
  revoked: ReadonlySet<string>,
  left: ComponentSnapshot,
  right: ComponentSnapshot,
): 'link' | 'question' | null {
  const [one, other] = [standingOf(left.fields, a), standingOf(right.fields, b)];
  if (one.profileId === '' || other.profileId === '') return null;
  const areTogether = left.id === right.id;
  const decided = areTogether ? decisionOn(left.fields, a, b) : null;
  if (decided !== null && decided !== 'clear') return null;
  const isOne = one.profileId === other.profileId;
  if (isOne && areOneByEvidence(left.fields, a, b, revoked)) return null;
  if (doubt !== null) return isOne && model.isInForce ? null : 'question';
  if (areTogether && (linkWeight(left.fields, a, b, model.version) ?? 0) > 0) return null;
  return haveOtherAccounts(one, other) ? 'question' : 'link';
}

function haveOtherAccounts(one: Standing, other: Standing): boolean {
  return one.userIds.length > 0 && other.userIds.length > 0 && !one.userIds.some((id) => other.userIds.includes(id));
}
