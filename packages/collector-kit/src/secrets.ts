import { type KenalConfig, SOURCE_KINDS, type SourceConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { isShort, secretFault } from './signature/secret-fault.ts';
import { schemeOf } from './webhook/scheme-of.ts';

/** What vendors sign with, read from the environment when a collector starts; nobody else holds it. */
export interface Secrets {
  /** Live ones: two while one takes over from the other. */
  of(workspace: string, source: string): readonly string[];
  /** What Meta shows when it asks for the address; null where the source has none. */
  verifyToken(workspace: string, source: string): string | null;
  /** Those under 16 characters: who tries long enough delivers in the vendor's name. */
  readonly weak: readonly WeakSecret[];
}

export interface WeakSecret {
  readonly workspace: string;
  readonly source: string;
  /** That holds it. */
  readonly variable: string;
}

interface Entry {
  readonly secrets: readonly string[];
  readonly verifyToken: string | null;
}

/**
 * @param kinds kinds that the caller serves: secrets of others may stand elsewhere
 * @throws KenalError `bad_config` naming every variable that is not set, or holds what can be no secret of that kind
 */
export function readSecrets(
  config: KenalConfig,
  kinds: ReadonlySet<SourceConfig['kind']>,
  environment: Readonly<Record<string, string | undefined>>,
): Secrets {
  const entries = new Map<string, Entry>();
  const faults: string[] = [];
  const weak: WeakSecret[] = [];
  for (const { id: workspace, sources } of config.workspaces) {
    for (const source of sources) {
      const { id, kind, enabled, secrets, verifyToken } = source;
      if (!kinds.has(kind) || !enabled || SOURCE_KINDS[kind].proof !== 'secret') continue;
      const scheme = schemeOf(source);
      const where = `of source ${id} in workspace ${workspace}`;
      const read = (reference: string, what: string): string => {
        const name = reference.slice('env:'.length);
        const value = environment[name] ?? '';
        if (value === '')
          faults.push(
            `${what} ${where} is the environment variable ${name}, which is not set; set it before the start, or \`enabled: false\``,
          );
        return value;
      };
      const readSecret = (reference: string): string => {
        const secret = read(reference, 'a secret');
        const fault = secret === '' ? null : secretFault(scheme, secret);
        if (fault !== null) faults.push(`a secret ${where}, ${reference}, ${fault}`);
        else if (secret !== '' && isShort(scheme, secret))
          weak.push({ workspace, source: id, variable: reference.slice('env:'.length) });
        return secret;
      };
      entries.set(`${workspace}/${id}`, {
        secrets: secrets.map(readSecret),
        verifyToken: verifyToken === undefined ? null : read(verifyToken, 'the verify token'),
      });
    }
  }
  if (faults.length > 0) throw new KenalError('bad_config', faults.join('\n  '));
  return {
    of: (workspace, source) => entries.get(`${workspace}/${source}`)?.secrets ?? [],
    verifyToken: (workspace, source) => entries.get(`${workspace}/${source}`)?.verifyToken ?? null,
    weak,
  };
}
