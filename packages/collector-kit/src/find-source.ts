import type { SourceKind } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Keyring } from './keyring.ts';
import type { Source } from './source.ts';

/**
 * The source of a path `/v1/hooks/<kind>/:workspace/:source`.
 * @param params of the route
 * @throws KenalError `not_found`, `forbidden` where it is switched off
 */
export function findSource(keyring: Keyring, kind: SourceKind, params: unknown): Source {
  const source = sourceOf(keyring, kind, params);
  if (!source.enabled) throw new KenalError('forbidden', `source ${source.id} is switched off`);
  return source;
}

/** The same, switched on or off. @throws KenalError `not_found` */
export function sourceOf(keyring: Keyring, kind: SourceKind, params: unknown): Source {
  const { workspace, source: id } = params as { readonly workspace: string; readonly source: string };
  const source = keyring.source(workspace, id);
  if (source === null || source.kind !== kind)
    throw new KenalError('not_found', `workspace ${workspace} has no source ${id} of kind ${kind} (kenal.yaml)`);
  return source;
}
