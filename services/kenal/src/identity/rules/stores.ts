import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { EventLog, IdentityState, KenalConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { openEventLog } from '@kenal/event-log';
import { adapterEnvironment, parseEnvironment, readKenalConfig } from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { type Cli, type CommonOptions, dataDirOf } from '../../cli/cli.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { type Endpoints, endpointsPath, readEndpoints } from '../../client/endpoints.ts';
import { CLI_SOURCE, developmentConfig } from '../../up/workspace-config.ts';

/** What evidence is read with; nothing of it writes. */
export type EvidenceState = Pick<IdentityState, 'scan' | 'load' | 'close'>;

/** The stores of a Kenal, running or not, and the configuration that it is started with. */
export interface Stores {
  readonly workspace: string;
  readonly config: KenalConfig;
  /** Path of kenal.yaml; null where there is none. */
  readonly path: string | null;
  /** kenal.yaml was changed after the running Kenal read it. */
  readonly isNewer: boolean;
  openLog(): Promise<Pick<EventLog, 'read' | 'close'>>;
  openState(): Promise<EvidenceState>;
}

/**
 * Find the stores beside the instance that `endpoints.json` names, or those that the environment does.
 * @throws UsageError, KenalError `not_running`, `missing_prerequisite`, `bad_config`: what to name, and how
 */
export function findStores(cli: Cli, options: CommonOptions): Stores {
  if (options.url !== undefined)
    throw new UsageError(
      'rules are read where the identity state and the log are, not through --url; name the data directory with --data, or set REDIS_URL and KAFKA_BROKERS',
    );
  const dataDir = dataDirOf(cli, options);
  const endpoints = readEndpoints(dataDir);
  const { config, path } = configOf(cli, endpoints);
  const ids = config.workspaces.map(({ id }) => id);
  const workspace = options.workspace ?? endpoints?.workspace ?? ids[0]!;
  if (!ids.includes(workspace))
    throw new UsageError(
      `there is no workspace ${workspace} in ${path ?? 'a Kenal without kenal.yaml'}; there are ${ids.join(', ')}`,
    );
  const { redisUrl, kafkaBrokers } = serversOf(cli, endpoints, dataDir);
  return {
    ...{ workspace, config, path },
    isNewer: path !== null && endpoints !== null && statSync(path).mtimeMs > Date.parse(endpoints.startedAt),
    openLog: () => openEventLog({ kafkaBrokers, dataDir, clientId: 'kenal-rules' }),
    openState: () => openState({ redisUrl, dataDir }),
  };
}

/** A Kenal that was started without a kenal.yaml goes on so, whatever lies in this folder. */
function configOf(cli: Cli, endpoints: Endpoints | null): Pick<Stores, 'config' | 'path'> {
  const isConfigured =
    endpoints === null || Object.values(endpoints.workspaces).some(({ sources }) => sources[CLI_SOURCE] !== undefined);
  const loaded = isConfigured ? readKenalConfig(cli.env.KENAL_CONFIG || undefined) : null;
  if (loaded !== null) return loaded;
  if (endpoints === null || !isConfigured) return { config: developmentConfig(), path: null };
  throw new KenalError('bad_config', 'the running Kenal has a kenal.yaml that is not here; name it with KENAL_CONFIG');
}

/** `kenal up` keeps all in its data directory, whatever servers the environment names; its processes use those. */
function serversOf(cli: Cli, endpoints: Endpoints | null, dataDir: string) {
  const { REDIS_URL, KAFKA_BROKERS } = parseEnvironment(adapterEnvironment, cli.env);
  const isDistributed = endpoints?.services !== undefined;
  if (isDistributed && (REDIS_URL === undefined || KAFKA_BROKERS === undefined))
    throw new KenalError(
      'missing_prerequisite',
      `${endpointsPath(dataDir)} is of services on Redis and Kafka; set REDIS_URL and KAFKA_BROKERS as they have them`,
    );
  const isEmbedded = endpoints !== null && !isDistributed;
  const redisUrl = isEmbedded ? undefined : REDIS_URL;
  // Opening it would make it
  if (redisUrl === undefined && !existsSync(join(dataDir, 'state', 'identity.db')))
    throw new KenalError(
      'not_running',
      `there is no identity state in ${dataDir}; name another folder with --data, or set REDIS_URL and KAFKA_BROKERS`,
    );
  return { redisUrl, kafkaBrokers: isEmbedded ? undefined : KAFKA_BROKERS };
}
