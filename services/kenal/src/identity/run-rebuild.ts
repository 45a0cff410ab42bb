import type { KenalConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { openEventLog } from '@kenal/event-log';
import { type RebuildProgress, type RebuiltWorkspace, rebuildState } from '@kenal/identity-resolver/rebuild';
import { createLogger, type Logger } from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { openEmbeddedWarehouse, openWarehouse, type Warehouse } from '@kenal/warehouse';
import type { LoaderThreadData } from '@kenal/warehouse-loader/worker';
import { readUpEnvironment, type UpEnvironment } from '../up/environment.ts';
import { loadGeneratedKeys } from '../up/generated-keys.ts';
import { startServiceThread } from '../up/service-thread.ts';
import { loadLocalConfig } from '../up/workspace-config.ts';

export interface RebuildOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly dataDir: string;
  /** Without it all whose state is empty. */
  readonly workspace?: string | undefined;
  readonly onStep: (step: string) => void;
  readonly onProgress: (progress: RebuildProgress) => void;
}

/**
 * Open what the environment names, and make the identity state anew.
 * @throws KenalError `data_in_use` where Kenal runs on the data directory, and whatever `rebuildState` throws
 */
export async function runRebuild(options: RebuildOptions): Promise<readonly RebuiltWorkspace[]> {
  const { dataDir, workspace, onStep, onProgress } = options;
  const environment = readUpEnvironment(options.environment);
  const { KAFKA_BROKERS: kafkaBrokers, REDIS_URL: redisUrl } = environment;
  const { config } = loadLocalConfig(options.environment, environment.KENAL_CONFIG, loadGeneratedKeys(dataDir));
  const logger = createLogger({ name: 'kenal', level: environment.KENAL_LOG, destination: { write: () => undefined } });
  await using undo = new AsyncDisposableStack();
  onStep('Opening the data');
  const warehouse = await openIt(environment, { dataDir, config, logger }, undo);
  const log = await openEventLog({ dataDir, kafkaBrokers, clientId: 'kenal-rebuild', logger });
  undo.defer(() => log.close());
  const state = await openState({ dataDir, redisUrl, logger });
  undo.defer(() => state.close());
  onStep('Waiting until nothing else runs and the warehouse has all that was published');
  return await rebuildState(
    { log, state, warehouse, config, logger, onProgress },
    workspace === undefined ? undefined : [workspace],
  );
}

interface Ground {
  readonly dataDir: string;
  readonly config: KenalConfig;
  readonly logger: Logger;
}

/** The warehouse; of a Kenal that is all in one process also its loader, since nobody else can fill it. */
async function openIt(
  { KAFKA_BROKERS: kafkaBrokers, CLICKHOUSE_URL: clickhouseUrl }: UpEnvironment,
  { dataDir, config, logger }: Ground,
  undo: AsyncDisposableStack,
): Promise<Warehouse> {
  if (clickhouseUrl !== undefined || kafkaBrokers !== undefined) {
    const warehouse = undo.adopt(await openWarehouse({ clickhouseUrl, dataDir }), (open) => open.close());
    await warehouse.migrate();
    return warehouse;
  }
  const warehouse = undo.adopt(await openEmbeddedWarehouse(dataDir), (open) => open.close());
  await warehouse.migrate();
  const data = () => {
    const port = warehouse.share();
    const workerData = { dataDir, config, logLevel: logger.level, warehouse: port } satisfies LoaderThreadData;
    return { workerData, transferList: [port] };
  };
  const program = new URL(import.meta.resolve('@kenal/warehouse-loader/worker'));
  const loader = await startServiceThread({ name: 'warehouse-loader', program, data, logger });
  undo.defer(() => loader.stop());
  const fault = await loader.health();
  if (typeof fault === 'string') throw new KenalError('unavailable', fault);
  return warehouse;
}
