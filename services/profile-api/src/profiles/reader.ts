import { type IdentifierKey, type IdentityState, type KenalConfig, parseKey } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import {
  type BlockReason,
  createNormaliser,
  decodeComponent,
  type IdentityRules,
  type Normaliser,
  type ProfileView,
  profileOf,
  rulesOf,
} from '@kenal/identity';
import { nearest } from '@kenal/service-kit';

/** Finds people by any name that they ever had. */
export interface ProfileReader {
  /**
   * @param ref `type:value` as somebody writes it (`email:Ann@Example.com`), or any profile id that was ever issued
   * @throws KenalError `not_found`, `bad_query`
   */
  find(workspace: string, ref: string): Promise<ProfileView>;
  /** The same, null where there is nobody. */
  search(workspace: string, ref: string): Promise<ProfileView | null>;
}

interface WorkspaceRules {
  readonly normalise: Normaliser;
  readonly rules: IdentityRules;
}

export function createProfileReader(state: IdentityState, config: KenalConfig): ProfileReader {
  const workspaces = new Map<string, WorkspaceRules>(
    config.workspaces.map(({ id, identity, region }) => [
      id,
      { normalise: createNormaliser(identity, region), rules: rulesOf(identity, id) },
    ]),
  );

  async function find(workspace: string, ref: string): Promise<ProfileView> {
    const own = workspaces.get(workspace);
    if (own === undefined) throw new KenalError('not_found', `workspace ${workspace} is not configured`);
    const key = await keyOfRef(state, workspace, own.normalise, ref);
    const { pointers, components } = await state.load(workspace, [key]);
    const snapshot = components.get(pointers.get(key) ?? '');
    const profile = snapshot === undefined ? null : profileOf(decodeComponent(snapshot.fields), own.rules, key);
    if (profile === null) throw nobody(ref, own.rules.types);
    return profile;
  }

  return {
    find,
    search: async (workspace, ref) => {
      try {
        return await find(workspace, ref);
      } catch (error) {
        if (error instanceof KenalError && (error.code === 'not_found' || error.code === 'bad_query')) return null;
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

const WHY_BLOCKED: Readonly<Record<BlockReason, string>> = {
  bad_type: 'a type is written in lower case letters and _',
  empty: 'the value is empty',
  placeholder: 'such a value stands for nobody in particular',
  zeros: 'a value of nothing but zeros or dashes stands for nobody in particular',
  too_long: 'the value is too long',
  not_an_email: 'that is no e-mail address',
  role_mailbox: 'many people read such a mailbox',
  not_a_phone:
    'that is no phone number; write it with + and the country, or as it is dialled in the workspace’s region',
  reserved_phone: 'that number is reserved and belongs to nobody',
  configured: 'the configuration blocks this value',
};

/** @param types those that the workspace has */
function nobody(ref: string, types: readonly string[]): KenalError {
  const type = parseKey(ref)?.type;
  if (type === undefined || types.includes(type)) return new KenalError('not_found', `no profile has ${ref}`);
  const meant = nearest(type, types);
  return new KenalError(
    'not_found',
    `no profile has ${ref}; ${type} is no identifier type here${meant === null ? '' : `, did you mean ${meant}?`} There are ${types.join(', ')}`,
  );
}
