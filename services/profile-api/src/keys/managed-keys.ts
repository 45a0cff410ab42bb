import { type KenalConfig, keyDocumentSchema, type Setting } from '@kenal/contracts';
import type { KnownKey, Logger } from '@kenal/service-kit';
import type { ManagedSettings } from '../settings/managed-settings.ts';

/** Keys that are settings, as `createReadKeys` takes them: the same list as long as no setting came. */
export function createManagedKeys(
  config: KenalConfig,
  settings: Pick<ManagedSettings, 'version' | 'of'>,
  logger: Logger,
): () => readonly KnownKey[] {
  let version = -1;
  let keys: readonly KnownKey[] = [];
  return () => {
    if (settings.version === version) return keys;
    version = settings.version;
    keys = config.workspaces.flatMap(({ id }) => settings.of(id, 'key').flatMap((setting) => keyOf(setting, logger)));
    return keys;
  };
}

function keyOf({ workspace, name, document }: Setting, logger: Logger): KnownKey[] {
  const read = keyDocumentSchema.safeParse(JSON.parse(document ?? 'null'));
  if (read.success) return [{ ...read.data, workspace, name: `key ${name}` }];
  logger.error({ workspace, key: name }, 'a key has a scope that this version does not know, and opens nothing');
  return [];
}
