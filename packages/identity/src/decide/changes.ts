import type { Change, ChangeType } from '@kenal/contracts';
import type { Fields, PublishedComponent } from '../evidence/component.ts';
import { decodePublishedInParts } from '../evidence/decode.ts';
import type { Published } from '../evidence/fields.ts';
import type { InteractionEvidence } from '../evidence/interaction-evidence.ts';
import { eachInParts, type Paused } from '../pauses.ts';
import { changedPaths, contentOf, type DetailedContent, shownIdentifier } from '../profile/content.ts';
import { membersByProfile } from '../profile/view.ts';
import type { IdentityRules } from '../rules.ts';
import { CAUSE_RULES, type CauseRule, causeOf, directiveRule } from './cause.ts';
import type { GoneProfile, PartitionDiff, ProfileStep } from './diff.ts';

export interface ChangeInput {
  readonly rules: IdentityRules;
  readonly after: PublishedComponent;
  /** Stored fields, without the new evidence. */
  readonly fields: readonly Fields[];
  readonly diff: PartitionDiff;
  readonly evidence: readonly InteractionEvidence[];
  /** Where there is no evidence. */
  readonly cause: Change['cause'] | null;
}

/** The change records of one decision: a step of each profile that differs, then the profiles that are gone. */
export function* changesOf(input: ChangeInput): Paused<Change[]> {
  const { diff } = input;
  if (diff.steps.length + diff.gone.length + diff.ghosts.length === 0) return [];
  const before = yield* createBefore(input);
  const mergedFrom = new Map<string, string[]>();
  for (const { profileId, mergedInto } of diff.gone) {
    const from = mergedFrom.get(mergedInto);
    if (from === undefined) mergedFrom.set(mergedInto, [profileId]);
    else from.push(profileId);
  }
  const changes: Change[] = [];
  yield* eachInParts(diff.steps, (step) => {
    changes.push(stepChange(input, step, before, (mergedFrom.get(step.cluster.profileId) ?? []).sort()));
  });
  if (diff.gone.length + diff.ghosts.length === 0) return changes;
  const causes = new Map(changes.map((change) => [change.profileId, change.cause]));
  yield* eachInParts(diff.gone, (gone) => {
    changes.push(goneChange(input, gone, before, causes));
  });
  const ghosts = diff.ghosts.map(({ profileId, mergedInto }): Change => {
    const gone = { profileId, previous: NEVER_KNOWN, mergedInto, alsoTo: [], released: [] };
    const change = goneChange(input, gone, before, causes);
    return { ...change, cause: { ...change.cause, rule: CAUSE_RULES.recovery } };
  });
  return [...changes, ...ghosts];
}

const NEVER_KNOWN: Published = { version: 0, hash: '', anchor: '' };

type Before = (profileId: string, published: Published | null) => DetailedContent | null;

/**
 * Content as it was published. It is computed from the evidence before this decision, and null where that is not what
 * was published then (the rules have changed since).
 */
function* createBefore({ rules, fields, diff }: ChangeInput): Paused<Before> {
  if (diff.steps.every(isUnknown) && diff.gone.every(isUnknown)) return () => null;
  const component = yield* decodePublishedInParts(fields, rules);
  const membersOf = membersByProfile(component, rules);
  return function before(profileId, published) {
    if (published === null || published.hash === '') return null;
    const content = contentOf(component, membersOf(profileId), published.anchor, rules);
    return content.hash === published.hash ? content : null;
  };
}

/** Nothing was published, or it was merged away. */
function isUnknown({ previous }: ProfileStep | GoneProfile): boolean {
  return previous === null || previous.hash === '';
}

function stepChange(input: ChangeInput, step: ProfileStep, before: Before, mergedFrom: string[]): Change {
  const { rules, after, diff, evidence } = input;
  const { profileId, members } = step.cluster;
  const old = before(profileId, step.previous);
  const type = stepType(step);
  const changed = changedPaths(old, step.now);
  const rule = ruleOf(type, changed);
  return {
    id: `${profileId}:${diff.version}`,
    type,
    workspace: rules.workspace,
    profileId,
    version: diff.version,
    previousVersion: step.previous?.version ?? 0,
    occurredAt: diff.version,
    before: old?.content ?? null,
    after: step.now.content,
    changed,
    assigned: step.moved.map(({ key, from }) => {
      const { type, value } = shownIdentifier(after, key);
      return { type, value, key, from };
    }),
    cause: input.cause ?? causeOf(evidence, rule, members, mergedFrom, after.assigned),
    mergedInto: null,
    mergedFrom,
    splitInto: type === 'split' ? [...step.lostTo] : [],
    released: [...step.released],
  };
}

function stepType(step: ProfileStep): ChangeType {
  if (isUnknown(step)) return 'created';
  return step.lostTo.length > 0 ? 'split' : 'updated';
}

function ruleOf(type: ChangeType, changed: readonly string[]): CauseRule {
  if (type === 'created') return CAUSE_RULES.firstSeen;
  if (type === 'split') return CAUSE_RULES.limit;
  if (changed.includes('identifiers')) return CAUSE_RULES.link;
  const isComputed = changed.length > 0 && changed.every((path) => path.startsWith('computed.'));
  return isComputed ? CAUSE_RULES.computed : CAUSE_RULES.traits;
}

function goneChange(
  input: ChangeInput,
  gone: GoneProfile,
  before: Before,
  causes: ReadonlyMap<string, Change['cause']>,
): Change {
  const { rules, diff, evidence } = input;
  const { profileId, previous, mergedInto } = gone;
  const old = before(profileId, previous);
  const last = evidence.at(-1);
  const other = causes.get(mergedInto) ?? { messageId: last?.messageId ?? '', source: last?.source ?? '', rule: '' };
  const rule = directiveRule(evidence, other.messageId) ?? CAUSE_RULES.link;
  const nobodys = mergedInto === '';
  return {
    id: `${profileId}:${diff.version}`,
    type: nobodys ? 'erased' : 'merged',
    workspace: rules.workspace,
    profileId,
    version: diff.version,
    previousVersion: previous.version,
    occurredAt: diff.version,
    before: old?.content ?? null,
    after: null,
    changed: changedPaths(old, null),
    assigned: [],
    cause: input.cause ?? { messageId: other.messageId, source: other.source, rule },
    mergedInto: nobodys ? null : mergedInto,
    mergedFrom: [],
    splitInto: [...gone.alsoTo],
    released: [...gone.released],
  };
}
