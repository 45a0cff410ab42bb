import { readSecrets } from '@kenal/collector-kit';
import { type KenalConfig, SOURCE_KINDS, type SourceKind } from '@kenal/contracts';

const ALL_KINDS: ReadonlySet<SourceKind> = new Set(Object.keys(SOURCE_KINDS) as SourceKind[]);

export interface Weakness {
  readonly detail: string;
  readonly advice: string;
}

/**
 * What of a configuration Kenal starts with all the same, and its operator should mend; none shows a secret.
 * @throws KenalError `bad_config` where secrets of vendors are not set, or can be none
 */
export function weaknessesOf(
  config: KenalConfig,
  environment: Readonly<Record<string, string | undefined>>,
): readonly Weakness[] {
  return [
    ...unforgettingOf(config),
    ...readSecrets(config, ALL_KINDS, environment).weak.map(({ workspace, source, variable }) => ({
      detail: `a secret of source ${source} in workspace ${workspace} (${variable}) is shorter than 16 characters: it can be guessed`,
      advice: 'agree on a longer one with the vendor',
    })),
  ];
}

/** Of these what the file alone tells. */
export function unforgettingOf({ workspaces }: KenalConfig): readonly Weakness[] {
  return workspaces
    .filter(({ erasureKey }) => erasureKey === undefined)
    .map(({ id }) => ({
      detail: `workspace ${id} has no erasure key: nobody in it can be erased`,
      advice:
        'set workspaces.erasureKey in kenal.yaml to env:NAME, and that variable to what `openssl rand -hex 32` prints',
    }));
}
