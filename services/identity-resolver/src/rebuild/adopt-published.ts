import { isDeepStrictEqual } from 'node:util';
import type {
  Change,
  ComponentCommit,
  ComponentSnapshot,
  IdentityState,
  LoadedState,
  ProfileContent,
} from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createCodec } from '@kenal/event-log';
import { adopt, type IdentityRules, type LastPublished, type WorkspaceRules } from '@kenal/identity';
import { storableJson } from '@kenal/warehouse';
import type { ProfileRow } from './profile-source.ts';

export interface AdoptDeps {
  readonly state: IdentityState;
  readonly newComponent: () => string;
}

/**
 * Write into the state what subscribers were last told of some profiles. Where a profile has nobody left in the state,
 * they are told that it is gone.
 * @returns how many are gone
 */
export type AdoptPublished = (workspace: string, of: WorkspaceRules, rows: readonly ProfileRow[]) => Promise<number>;

const CHANGED_BY = { messageId: '', source: '', rule: 'rebuild' };

export function createAdoptPublished({ state, newComponent }: AdoptDeps): AdoptPublished {
  const codec = createCodec<Change>('change');

  function farewell(rules: IdentityRules, row: ProfileRow, now: number): ComponentCommit {
    const target = newComponent();
    const change = goneChange(rules, row, Math.max(now, row.version + 1));
    return {
      ...{ target, expect: new Map([[target, 0]]), absent: [], absorb: [], set: new Map(), unset: [], point: [] },
      ...{ issued: new Map(), outbox: [{ key: row.profileId, value: codec.encode(change) }] },
    };
  }

  return async function adoptPublished(workspace, { rules, isErased }, rows) {
    const known = rows.filter((row) => !isForgotten(row, isErased));
    const keys = new Set(known.flatMap(({ anchor, assigned }) => [anchor, ...assigned.map(({ key }) => key)]));
    keys.delete('');
    const loaded = await state.load(workspace, [...keys]);
    const { homes, homeless } = settleRows(known, loaded);
    const commits: ComponentCommit[] = [];
    for (const { component, profiles, assigned } of homes.values()) {
      const commit = adopt({ rules, component, profiles, assigned, isSame });
      if (commit !== null) commits.push({ ...commit, outbox: [] });
    }
    const gone = homeless.filter(({ live }) => live);
    for (const row of gone) commits.push(farewell(rules, row, loaded.now));
    const applied = commits.length === 0 ? [] : await state.commit(workspace, commits);
    if (!applied.every(Boolean))
      throw new KenalError('unavailable', `somebody else writes the identity state of workspace ${workspace}`);
    return gone.length;
  };
}

interface Home {
  readonly component: ComponentSnapshot;
  readonly profiles: LastPublished[];
  readonly assigned: Map<string, { readonly profileId: string; readonly version: number }>;
}

/** Where in the state each profile belongs: with its anchor, or with whatever is left of it. */
function settleRows(rows: readonly ProfileRow[], { pointers, components }: LoadedState) {
  const homes = new Map<string, Home>();
  const homeless: ProfileRow[] = [];
  const homeOf = (key: string): Home | null => {
    const component = components.get(pointers.get(key) ?? '');
    if (component === undefined || component.version === 0) return null;
    const home = homes.get(component.id) ?? { component, profiles: [], assigned: new Map() };
    homes.set(component.id, home);
    return home;
  };
  for (const row of rows) {
    const { profileId, version, anchor, assigned } = row;
    const home = [anchor, ...assigned.map(({ key }) => key)].map(homeOf).find((one) => one !== null);
    if (home === undefined) {
      homeless.push(row);
      continue;
    }
    home.profiles.push({ profileId, version, content: contentOf(row), anchor });
    // One that nobody knows any more is released by the decision on its profile
    for (const one of assigned) (homeOf(one.key) ?? home).assigned.set(one.key, { profileId, version: one.version });
  }
  return { homes, homeless };
}

function contentOf({
  live,
  traits,
  consent,
  computed,
  identifiers,
  identifierCount,
}: ProfileRow): ProfileContent | null {
  return live ? { traits, consent, computed, identifiers: [...identifiers], identifierCount } : null;
}

/** Of somebody who was erased no id leads anywhere any more. */
function isForgotten({ changeType, live, anchor }: ProfileRow, isErased: WorkspaceRules['isErased']): boolean {
  if (live) return false;
  return anchor === '' || (changeType === 'erased' && isErased([anchor], { clientAt: null, receivedAt: 0 }));
}

/** The warehouse has traits as it can read them. */
function isSame(content: ProfileContent, published: ProfileContent): boolean {
  return (
    storableJson(content.traits) === published.traits &&
    content.consent === published.consent &&
    isDeepStrictEqual(computedValues(content), computedValues(published)) &&
    content.identifierCount === published.identifierCount &&
    content.identifiers.length === published.identifiers.length &&
    content.identifiers.every(({ type, value }, i) => {
      const other = published.identifiers[i]!;
      return type === other.type && value === other.value;
    })
  );
}

/** When and why something was computed is no part of what differs. */
function computedValues({ computed }: ProfileContent): readonly (readonly [string, unknown])[] {
  const attributes = JSON.parse(computed) as Readonly<Record<string, { readonly value: unknown }>>;
  return Object.entries(attributes).map(([name, { value }]) => [name, value]);
}

function goneChange(
  { workspace }: IdentityRules,
  { profileId, version: previousVersion, assigned }: ProfileRow,
  version: number,
): Change {
  return {
    ...{ id: `${profileId}:${version}`, type: 'erased', workspace, profileId, version, previousVersion },
    ...{ occurredAt: version, before: null, after: null, changed: [], assigned: [], cause: CHANGED_BY },
    ...{ mergedInto: null, mergedFrom: [], splitInto: [], released: assigned.map(({ key }) => key) },
  };
}
