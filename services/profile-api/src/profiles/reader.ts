import { type IdentifierKey, type IdentityState, type Micros, type ParkedLeaf, parseKey } from '@kenal/contracts';
import { isKenalError, KenalError } from '@kenal/errors';
import type { TopicFeed } from '@kenal/event-log';
import {
  aliasesOf,
  type Component,
  decodeComponent,
  type IdentityRules,
  type Normaliser,
  type ProfileQuality,
  type ProfileView,
  profileOf,
  qualityOf,
  type RefusedLink,
  refusedLinksOf,
  revokedSourcesOf,
  type SaidTrait,
  traitHistoryOf,
  WHY_BLOCKED,
  type WorkspaceRules,
  type Workspaces,
} from '@kenal/identity';
import { nearest } from '@kenal/service-kit';
import { reasonInWords, TOGETHER } from './reason.ts';

/** Somebody who was found, and what more is known of them, without another question to the state. */
export interface Person {
  readonly profile: ProfileView;
  /** Profile ids of before that lead here. */
  readonly aliases: readonly string[];
  /** How complete and fresh the profile is at a time. */
  quality(now: Micros): ProfileQuality;
  /** Every value that a trait had, as far as the state keeps it; newest first. */
  history(): readonly SaidTrait[];
  /** Why identifiers that came together with the person's are somebody else's. */
  refusedLinks(): readonly RefusedLink[];
  readonly rules: IdentityRules;
}

/** Finds people by any name that they ever had. */
export interface ProfileReader {
  /**
   * @param ref `type:value` as somebody writes it (`email:Ann@Example.com`), or any profile id that was ever issued
   * @throws KenalError `not_found`, `bad_query`
   */
  person(workspace: string, ref: string): Promise<Person>;
  /** The profile of the same. */
  find(workspace: string, ref: string): Promise<ProfileView>;
  /**
   * The identifier that a reference stands for; for a profile id the one that anchors it.
   * @throws KenalError `not_found` where nobody ever sent it; `bad_query`
   */
  keyOf(workspace: string, ref: string): Promise<IdentifierKey>;
  /** Two references of one workspace, with what is linked with each. @throws as `keyOf` */
  pair(workspace: string, a: string, b: string): Promise<readonly [FoundIdentifier, FoundIdentifier]>;
  /** How the workspace writes an identifier, known or not. @throws KenalError `bad_query`, `not_found` for an unknown profile id */
  normalised(workspace: string, ref: string): Promise<IdentifierKey>;
  /** The same, where nobody ever sent it of themselves and it is of a type that there is; else null. @throws as `normalised` */
  nobodys(workspace: string, ref: string): Promise<IdentifierKey | null>;
  /** The same as `find`, null where there is nobody. */
  search(workspace: string, ref: string): Promise<ProfileView | null>;
}

interface Found {
  readonly key: IdentifierKey;
  readonly rules: IdentityRules;
  /** What is linked with it; null where nobody ever sent it. */
  readonly component: Component | null;
  /** '' where there is none. */
  readonly componentId: string;
}

/** An identifier that somebody sent. */
export interface FoundIdentifier extends Found {
  readonly component: Component;
  /** As they are stored, of the component. */
  readonly fields: ReadonlyMap<string, string>;
  /** Its own evidence, where it is kept apart from the component of its only link. */
  readonly parked: ParkedLeaf | null;
}

/** By which rules people are told apart now: those by which the resolver decided. */
export interface RulesInForce {
  readonly workspaces: Workspaces;
  /** What changes them. */
  readonly directives: TopicFeed<unknown>;
}

/** No source has this id: numbers are read as the workspace has them. */
const NO_SOURCE = '';

export function createProfileReader(state: IdentityState, { workspaces, directives }: RulesInForce): ProfileReader {
  const own = (workspace: string): WorkspaceRules => {
    if (workspaces.configured.includes(workspace)) return workspaces.of(workspace);
    throw new KenalError('not_found', `workspace ${workspace} is not configured`);
  };
  const keyNow = (workspace: string, ref: string): Promise<IdentifierKey> =>
    keyOfRef(state, workspace, own(workspace).normaliserOf(NO_SOURCE), ref);

  /** Read the rules on to where the state is. @returns whether it was ahead */
  async function readOn(workspace: string): Promise<boolean> {
    const { fence } = await state.load(workspace, []);
    if (fence <= directives.next) return false;
    await directives.catchUp();
    return true;
  }

  async function normalised(workspace: string, ref: string): Promise<IdentifierKey> {
    try {
      return await keyNow(workspace, ref);
    } catch (error) {
      // The rules in force may block it no more
      if (!isKenalError(error, 'bad_query') || !(await readOn(workspace))) throw error;
      return keyNow(workspace, ref);
    }
  }

  async function look(workspace: string, ref: string, again = true): Promise<Found | FoundIdentifier> {
    const { rules } = own(workspace);
    const key = await normalised(workspace, ref);
    const { pointers, components, parked, fence } = await state.load(workspace, [key]);
    if (fence > directives.next) {
      // The state may be decided by rules that were not read here yet
      await directives.catchUp();
      if (again) return look(workspace, ref, false);
      throw new KenalError(
        'unavailable',
        'the identity state goes by directives that are not in the log: was it lost?',
      );
    }
    const snapshot = components.get(pointers.get(key) ?? '');
    if (snapshot === undefined) return { key, rules, component: null, componentId: '' };
    const { id, fields } = snapshot;
    return {
      ...{ key, rules, component: decodeComponent(fields, rules), componentId: id, fields },
      parked: parked.get(key) ?? null,
    };
  }

  async function known(workspace: string, ref: string): Promise<FoundIdentifier> {
    const found = await look(workspace, ref);
    if ('fields' in found) return found;
    throw new KenalError('not_found', `nobody ever sent ${ref}${typeHint(ref, found.rules)}`);
  }

  async function person(workspace: string, ref: string): Promise<Person> {
    const found = await look(workspace, ref);
    const { component, rules, key } = found;
    const profile = component === null ? null : profileOf(component, rules, key);
    if (component === null || profile === null) throw nobody(ref, found);
    const keys = profile.identifiers.map((identifier) => identifier.key);
    return {
      profile,
      aliases: aliasesOf(component, profile.id),
      quality: (now) => qualityOf(profile, rules.traits.wanted, now),
      history: () => traitHistoryOf(component, rules, profile.id),
      refusedLinks: () => refusedLinksOf(component, rules, keys),
      rules,
    };
  }

  async function find(workspace: string, ref: string): Promise<ProfileView> {
    return (await person(workspace, ref)).profile;
  }

  return {
    person,
    find,
    normalised,
    keyOf: async (workspace, ref) => (await known(workspace, ref)).key,
    nobodys: async (workspace, ref) => {
      const { key, rules, component } = await look(workspace, ref);
      return component === null && parseKey(ref) !== null && typeHint(ref, rules) === '' ? key : null;
    },
    pair: async (workspace, a, b) => [await known(workspace, a), await known(workspace, b)],
    search: async (workspace, ref) => {
      try {
        return await find(workspace, ref);
      } catch (error) {
        if (isKenalError(error, 'not_found') || isKenalError(error, 'bad_query')) return null;
        throw error;
      }
    },
  };
}

// An identifier is normalised as the resolver normalises it; a profile id leads to the identifier that anchors it.
async function keyOfRef(
  state: IdentityState,
  workspace: string,
  normalise: Normaliser,
  ref: string,
): Promise<IdentifierKey> {
  const identifier = parseKey(ref);
  if (identifier === null) {
    const anchor = await state.anchor(workspace, ref);
    if (anchor === null)
      throw new KenalError(
        'not_found',
        `no profile has the id ${ref}; an identifier is written like email:ann@example.com`,
      );
    return anchor;
  }
  const { identifiers, blocked } = normalise([identifier]);
  const valid = identifiers[0];
  if (valid !== undefined) return valid.key;
  const why = blocked[0] === undefined ? 'it has a wrong form' : WHY_BLOCKED[blocked[0].reason];
  throw new KenalError('bad_query', `${ref} names nobody: ${why}`);
}

function nobody(ref: string, found: Found | FoundIdentifier): KenalError {
  const { key, rules, component } = found;
  const [refused] = component === null ? [] : refusedLinksOf(component, rules, [key]);
  if (refused !== undefined) {
    const why = reasonInWords(refused.reason, rules);
    return new KenalError(
      'not_found',
      `no profile has ${ref}: it only ${TOGETHER[refused.class]} ${refused.other}, and ${why}`,
    );
  }
  const [revoked] = 'fields' in found ? revokedSourcesOf([found.fields], rules, [key]) : [];
  if (revoked !== undefined)
    return new KenalError(
      'not_found',
      `no profile has ${ref}: all that was said of it is of source ${revoked}, which is revoked; kenal identity clear --source ${revoked} takes that back`,
    );
  return new KenalError('not_found', `no profile has ${ref}${typeHint(ref, rules)}`);
}

/** `; emial is no identifier type here, did you mean email? There are …`, or '' where the type is one. */
function typeHint(ref: string, { types }: IdentityRules): string {
  const asked = parseKey(ref)?.type;
  if (asked === undefined || types.includes(asked)) return '';
  const meant = nearest(asked, types);
  return `; ${asked} is no identifier type here${meant === null ? '.' : `, did you mean ${meant}?`} There are ${types.join(', ')}`;
}
