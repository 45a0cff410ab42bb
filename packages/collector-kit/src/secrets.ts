import { type KenalConfig, SOURCE_KINDS, type SourceConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { secretFault } from './signature/secret-fault.ts';
import { schemeOf } from './webhook/scheme-of.ts';

/** What vendors sign with, read from the environment when a collector starts; nobody else holds it. */
export interface Secrets {
  /** Live ones: two while one takes over from the other. */
  of(workspace: string, source: string): readonly string[];
  /** What Meta shows when it asks for the address; null where the source has none. */
  verifyToken(workspace: string, source: string): string | null;
}

interface Entry {
  readonly secrets: readonly string[];
  readonly verifyToken: string | null;
}

/**
 * @param kinds kinds that the caller serves: secrets of others may stand elsewhere
 * @throws KenalError `bad_config` naming a variable that is not set
 */
export function readSecrets(
  config: KenalConfig,
  kinds: ReadonlySet<SourceConfig['kind']>,
  environment: Readonly<Record<string, string | undefined>>,
): Secrets {
  const entries = new Map<string, Entry>();
  for (const { id: workspace, sources } of config.workspaces) {
    for (const source of sources) {
      const { id, kind, enabled, secrets, verifyToken } = source;
      if (!kinds.has(kind) || !enabled || SOURCE_KINDS[kind].proof !== 'secret') continue;
      const scheme = schemeOf(source);
      const read = (reference: string, what: string): string => {
        const name = reference.slice('env:'.length);
        const value = environment[name];
        if (value !== undefined && value !== '') return value;
        const where = `${what} of source ${id} in workspace ${workspace}`;
        throw new KenalError(
          'bad_config',
          `${where} is the environment variable ${name}, which is not set; set it before the start, or \`enabled: false\``,
        );
      };
      entries.set(`${workspace}/${id}`, {
        secrets: secrets.map((reference) => {
          const secret = read(reference, 'a secret');
          const fault = secretFault(scheme, secret);
          if (fault === null) return secret;
          throw new KenalError(
            'bad_config',
            `a secret of source ${id} in workspace ${workspace}, ${reference}, ${fault}`,
          );
        }),
        verifyToken: verifyToken === undefined ? null : read(verifyToken, 'the verify token'),
      });
    }
  }
  return {
    of: (workspace, source) => entries.get(`${workspace}/${source}`)?.secrets ?? [],
    verifyToken: (workspace, source) => entries.get(`${workspace}/${source}`)?.verifyToken ?? null,
  };
}
