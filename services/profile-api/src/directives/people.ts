import { type IdentifierKey, type KenalConfig, parseKey } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { ProfileView } from '@kenal/identity';
import { erasureHash } from '@kenal/service-kit';
import type { ProfileReader } from '../profiles/reader.ts';
import { type Draft, draftOf } from './draft.ts';

/** Shorter values stand in many words by chance. */
const SHORTEST_NAME = 4;

/**
 * Forget a person. What is kept for ever holds no identifier: keyed hashes, and the id of the profile.
 * @param said reason and actor, which are kept as well
 * @throws KenalError `not_found`, `no_erasure_key`, `bad_directive` where what is said names the person
 */
export async function eraseDraft(
  reader: ProfileReader,
  config: KenalConfig,
  workspace: string,
  ref: string,
  said: readonly (string | undefined)[],
): Promise<Draft> {
  const key = config.workspaces.find(({ id }) => id === workspace)?.erasureKey;
  if (key === undefined)
    throw new KenalError(
      'no_erasure_key',
      `set workspaces.erasureKey of workspace ${workspace} in kenal.yaml to env:NAME, and that variable to what ` +
        '`openssl rand -hex 32` prints; keep it: without it erased people would be made again from old events',
    );
  const nobodys = await reader.nobodys(workspace, ref);
  const profile = nobodys === null ? await reader.find(workspace, ref) : null;
  const identifiers = profile?.identifiers ?? [bare(nobodys ?? ref)];
  const named = namedIn(identifiers, said.join('\n').toLowerCase());
  if (named !== null)
    throw new KenalError(
      'bad_directive',
      `reason and actor are kept for ever, leave ${named} of the person out of them`,
    );
  const erased = identifiers.map((identifier) => erasureHash(key, identifier.key));
  return draftOf('erase', { profileId: profile?.id ?? null, erased });
}

type Named = Pick<ProfileView['identifiers'][number], 'key' | 'type' | 'value'>;

/** Of somebody whom only others named, in copy say: no profile has it, and it can be forgotten all the same. */
function bare(key: IdentifierKey): Named {
  const { type, value } = parseKey(key) ?? { type: '', value: key };
  return { key, type, value };
}

function namedIn(identifiers: readonly Named[], text: string): string | null {
  const values = (name: Named): string[] => [name.value.toLowerCase(), (parseKey(name.key)?.value ?? '').toLowerCase()];
  const found = identifiers.find((one) =>
    values(one).some((value) => value.length >= SHORTEST_NAME && text.includes(value)),
  );
  return found?.type ?? null;
}

/** What somebody agrees to. It stands with the identifier that was named, and goes where that goes. */
export async function consentDraft(
  reader: ProfileReader,
  workspace: string,
  { profile: ref, purpose, granted }: { readonly profile: string; readonly purpose: string; readonly granted: boolean },
): Promise<Draft> {
  const profile = await reader.find(workspace, ref);
  const owner = await reader.keyOf(workspace, ref);
  return draftOf('consent', { profileId: profile.id, consent: { owner, purpose, granted } });
}
