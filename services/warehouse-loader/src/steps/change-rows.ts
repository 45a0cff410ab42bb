import { type Change, parseKey } from '@kenal/contracts';
import type { Override } from '@kenal/warehouse';
import { storableJson } from './storable-json.ts';

/** What one step of the change feed writes. */
export interface ChangeRows {
  /** A JSON line for `kenal.profile_rows`. */
  readonly profile: string;
  /** JSON lines for `kenal.identifier_rows`. */
  readonly identifiers: readonly string[];
  /** Owners whose earlier interactions belong to this profile from now on. */
  readonly overrides: readonly Override[];
}

/** A profile without content after the change is gone: merged, split up or erased. */
export function changeRows(change: Change): ChangeRows {
  const { workspace, profileId, version, after } = change;
  const identifiers: string[] = [];
  const overrides: Override[] = [];
  for (const { type, value, key, from } of change.assigned) {
    const normalised = parseKey(key) ?? { type, value };
    identifiers.push(
      `{"workspace":${q(workspace)},"type":${q(normalised.type)},"value":${q(normalised.value)}` +
        `,"profile_id":${q(profileId)},"version":${version}}\n`,
    );
    // The rows of an identifier that nobody had before carry this profile themselves
    if (from !== '') overrides.push({ workspace, owner: key, profileId, ver: version });
  }
  const profile =
    `{"workspace":${q(workspace)},"profile_id":${q(profileId)},"version":${version},"change_type":${q(change.type)}` +
    `,"changed_at":${change.occurredAt},"live":${after !== null},"merged_into":${q(change.mergedInto ?? '')}` +
    (after === null
      ? ''
      : `,"traits":${storableJson(after.traits)},"identifier_count":${after.identifierCount}` +
        `,"identifiers":[${after.identifiers.map((i) => `{"type":${q(i.type)},"value":${q(i.value)}}`).join(',')}]`) +
    '}\n';
  return { profile, identifiers, overrides };
}

const q = (value: string): string => JSON.stringify(value);
