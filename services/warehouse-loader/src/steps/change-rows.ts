import { type Change, DIRECTIVE_KINDS, type Identifier, parseKey } from '@kenal/contracts';
import {
  columnsOf,
  createRowEncoder,
  type ErasedIdentifier,
  type Override,
  storableJson,
  writeList,
} from '@kenal/warehouse';
import { writeIdentifier } from './interaction-row.ts';

/** Which profile has an identifier, and since which version. */
export interface IdentifierRow extends Identifier {
  readonly workspace: string;
  readonly profileId: string;
  readonly version: number;
}

/** A profile without content after the change is gone: merged, split up or erased. */
export const profileRows = (() => {
  const { text, word, moment, uint32, uint64, column } = columnsOf<Change>();
  return createRowEncoder<Change>([
    word('workspace', ({ workspace }) => workspace),
    text('profile_id', ({ profileId }) => profileId),
    uint64('version', ({ version }) => version),
    word('change_type', ({ type }) => type),
    moment('changed_at', ({ occurredAt }) => occurredAt),
    column('live', 'Bool', (writer, { after }) => writer.byte(after === null ? 0 : 1)),
    text('merged_into', ({ mergedInto }) => mergedInto),
    text('traits', ({ after }) => storableJson(after?.traits ?? '')),
    text('consent', ({ after }) => after?.consent ?? '{}'),
    text('computed', ({ after }) => after?.computed ?? '{}'),
    column('identifiers', 'Array(Tuple(type LowCardinality(String), value String))', (writer, { after }) =>
      writeList(writer, after?.identifiers ?? [], writeIdentifier),
    ),
    uint32('identifier_count', ({ after }) => after?.identifierCount ?? 0),
  ]);
})();

export const identifierRows = (() => {
  const { text, word, uint64 } = columnsOf<IdentifierRow>();
  return createRowEncoder<IdentifierRow>([
    word('workspace', ({ workspace }) => workspace),
    word('type', ({ type }) => type),
    text('value', ({ value }) => value),
    text('profile_id', ({ profileId }) => profileId),
    uint64('version', ({ version }) => version),
  ]);
})();

/** A step of an identifier from one profile to another, or to none. */
export interface IdentityLogRow {
  readonly change: Change;
  readonly key: string;
  /** '' where none has it now. */
  readonly profileId: string;
  /** '' where none had it before. */
  readonly from: string;
}

export const identityLogRows = (() => {
  const { text, word, moment, uint64 } = columnsOf<IdentityLogRow>();
  return createRowEncoder<IdentityLogRow>([
    word('workspace', ({ change }) => change.workspace),
    text('key', ({ key }) => key),
    uint64('version', ({ change }) => change.version),
    text('profile_id', ({ profileId }) => profileId),
    text('from_profile_id', ({ from }) => from),
    moment('changed_at', ({ change }) => change.occurredAt),
    word('change_type', ({ change }) => change.type),
    text('cause_message_id', ({ change }) => change.cause.messageId),
    word('cause_source', ({ change }) => change.cause.source),
    word('cause_rule', ({ change }) => change.cause.rule),
  ]);
})();

/** The identifiers that a change moved, each as a step. */
export function stepsOf(change: Change): readonly IdentityLogRow[] {
  const { profileId, assigned, released } = change;
  return [
    ...assigned.map(({ key, from }) => ({ change, key, profileId, from })),
    ...released.map((key) => ({ change, key, profileId: '', from: profileId })),
  ];
}

/** Who has an identifier after a step. */
export function identifierOf({ change, key, profileId }: IdentityLogRow): IdentifierRow {
  const { workspace, version } = change;
  return { ...(parseKey(key) ?? { type: '', value: key }), workspace, profileId, version };
}

/**
 * Owners whose earlier interactions belong to another profile from now on, or to none. Those of an erased person stay as
 * they are: nobody sees them.
 */
export function overridesOf(change: Change): readonly Override[] {
  if (isErasure(change)) return [];
  // The rows of an identifier that nobody had before carry this profile themselves
  const moved = stepsOf(change).filter(({ from }) => from !== '');
  return moved.map(({ key, profileId }) => ({
    ...{ workspace: change.workspace, owner: key, profileId, ver: change.version },
  }));
}

/** Identifiers that nobody had before. They may have been let go once (`applyReturned`). */
export function returningOf({ assigned }: Change): readonly string[] {
  return assigned.filter(({ from }) => from === '').map(({ key }) => key);
}

/**
 * Whom an erasure takes out of every view. The cause tells, not the type: a profile is gone for other reasons too (its
 * source is revoked), and comes back then.
 */
export function erasedOf(change: Change): readonly ErasedIdentifier[] {
  if (!isErasure(change)) return [];
  return change.released.map((key) => ({ workspace: change.workspace, key, ver: change.version }));
}

function isErasure({ cause }: Change): boolean {
  return cause.rule === DIRECTIVE_KINDS.erase;
}
