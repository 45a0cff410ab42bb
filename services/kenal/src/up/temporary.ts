import { createLogger } from '@kenal/service-kit';
import type { Cli } from '../cli/cli.ts';
import { note } from '../cli/cli.ts';
import { removeEndpoints, writeEndpoints } from '../client/endpoints.ts';
import { findInstance, type Instance, type InstanceOptions } from '../client/instance.ts';
import { prepareDataDir } from './data-dir.ts';
import { readUpEnvironment } from './environment.ts';
import { loadGeneratedKeys } from './generated-keys.ts';
import { endpointsOf } from './local-endpoints.ts';
import { openLogFile } from './log-file.ts';
import { startStack } from './stack.ts';
import { loadLocalConfig } from './workspace-config.ts';

/** A whole Kenal on free ports for as long as one command takes. */
export interface TemporaryInstance extends AsyncDisposable {
  readonly instance: Instance;
  /** Wait until everything in the log is resolved and stored. */
  settle(): Promise<void>;
}

const SETTLE_MS = 600_000;

/** @throws KenalError `data_in_use` where another process has the directory but does not answer */
export async function openTemporaryInstance(cli: Cli, wanted: InstanceOptions): Promise<TemporaryInstance> {
  await using undo = new AsyncDisposableStack();
  const environment = readUpEnvironment(cli.env);
  const { dataDir } = wanted;
  prepareDataDir(dataDir);
  const keys = loadGeneratedKeys(dataDir);
  const local = loadLocalConfig(cli.env, environment.KENAL_CONFIG, keys, true);
  const file = undo.adopt(
    openLogFile(dataDir, (sentence) => note(cli, sentence)),
    (open) => open.close(),
  );
  const logger = createLogger({ name: 'kenal', level: environment.KENAL_LOG, destination: file });
  const free = { number: 0, onTaken: 'fail' } as const;
  const stack = await startStack({
    dataDir,
    host: '127.0.0.1',
    port: free,
    sqlPort: free,
    config: local.config,
    logger,
    environment: cli.env,
    stewardKeys: Object.values(local.access).map(({ stewardKey }) => stewardKey),
  });
  undo.defer(() => stack.stop());
  // Other commands on this directory find it too, as long as it is there.
  writeEndpoints(dataDir, endpointsOf(stack, local));
  undo.defer(() => removeEndpoints(dataDir));
  const instance = await findInstance(wanted);
  const held = undo.move();
  return {
    instance,
    settle: async () => void (await stack.settled(SETTLE_MS)),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
