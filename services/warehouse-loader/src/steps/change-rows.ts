import { type Change, type Identifier, parseKey } from '@kenal/contracts';
import { columnsOf, createRowEncoder, type Override, writeList } from '@kenal/warehouse';
import { writeIdentifier } from './interaction-row.ts';
import { storableJson } from './storable-json.ts';

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

/** The identifiers that a change moved. */
export function identifiersOf({ workspace, profileId, version, assigned }: Change): readonly IdentifierRow[] {
  return assigned.map(({ type, value, key }) => ({
    ...(parseKey(key) ?? { type, value }),
    workspace,
    profileId,
    version,
  }));
}

/** Owners whose earlier interactions belong to this profile from now on. */
export function overridesOf({ workspace, profileId, version, assigned }: Change): readonly Override[] {
  // The rows of an identifier that nobody had before carry this profile themselves
  const moved = assigned.filter(({ from }) => from !== '');
  return moved.map(({ key }) => ({ workspace, owner: key, profileId, ver: version }));
}
