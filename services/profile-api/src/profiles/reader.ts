import { type IdentifierKey, type IdentityState, type KenalConfig, parseKey } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import {
  createNormaliser,
  decodeComponent,
  type IdentityRules,
  type Normaliser,
  type ProfileView,
  profileOf,
  rulesOf,
} from '@kenal/identity';

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
    if (profile === null) throw new KenalError('not_found', `no profile has ${ref}`);
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
    if (anchor === null) throw new KenalError('not_found', `no profile has the id ${ref}; identifiers are type:value`);
    return anchor;
  }
  const { identifiers, blocked } = normalise([identifier]);
  const valid = identifiers[0];
  if (valid !== undefined) return valid.key;
  const reason = blocked[0]?.reason ?? 'it has a wrong form';
  throw new KenalError('bad_query', `${ref} names nobody: ${reason}`);
}
