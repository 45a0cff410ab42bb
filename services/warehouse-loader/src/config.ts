import type { KenalConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { adapterEnvironment, loadKenalConfig, parseEnvironment } from '@kenal/service-kit';
import type { z } from 'zod';

const environmentSchema = adapterEnvironment.omit({ REDIS_URL: true });

/** Everything that the process of its own is told. */
export interface ProcessConfig {
  readonly environment: z.infer<typeof environmentSchema>;
  readonly config: KenalConfig;
}

/** @throws KenalError `bad_config` */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): ProcessConfig {
  const environment = parseEnvironment(environmentSchema, variables);
  const loaded = loadKenalConfig({ path: environment.KENAL_CONFIG, environment: variables });
  if (loaded === null) throw new KenalError('bad_config', 'set KENAL_CONFIG, or start where kenal.yaml lies');
  return { environment, config: loaded.config };
}
