import type { KenalConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { z } from 'zod';
import { type adapterEnvironment, parseEnvironment } from './environment.ts';
import { giveWay } from './give-way.ts';
import { createHealth, type Health } from './health.ts';
import { createHttpHost } from './http-host.ts';
import { loadKenalConfig } from './kenal-config.ts';
import { createLogger, type Logger } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { type Resources, runService, type Service } from './service.ts';

/** What every service reads; its `config.ts` adds the rest. */
type CommonEnvironment = Pick<
  z.infer<typeof adapterEnvironment>,
  'KENAL_CONFIG' | 'KENAL_HOST' | 'KENAL_PORT' | 'KENAL_LOG'
>;

export interface ServiceProcessOptions<E extends CommonEnvironment> {
  /** The service, in its logs. */
  readonly name: string;
  readonly version: string;
  /** Of the variables that it reads. */
  readonly schema: z.ZodType<E>;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Where `KENAL_PORT` is not set: this port or the next free one. Without it any free one. */
  readonly defaultPort?: number;
  /** It has no client who waits: it gives way to those processes of this machine that do. */
  readonly givesWay?: true;
  /** Views that exports of `kenal.yaml` may name. */
  readonly views?: ReadonlySet<string>;
}

/** What a service is built from. */
export interface ServiceParts<E> {
  readonly environment: E;
  readonly config: KenalConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Released in reverse once the service has stopped. */
  readonly resources: Resources;
}

/**
 * A service in a process of its own, as `main.ts` of each has it: environment and `kenal.yaml` are read, adapters opened
 * and the service built, its routes mounted, the service started, its port opened. At the end it says so in `/readyz`,
 * stops the service, closes the port, and releases the adapters.
 */
export async function runServiceProcess<E extends CommonEnvironment>(
  { name, version, schema, variables, defaultPort, givesWay, views }: ServiceProcessOptions<E>,
  build: (parts: ServiceParts<E>) => Promise<Service>,
): Promise<void> {
  if (givesWay) giveWay();
  const logger = createLogger({ name, level: 'info' });
  await runService(logger, async (resources) => {
    const environment = parseEnvironment(schema, variables);
    logger.level = environment.KENAL_LOG;
    const loaded = loadKenalConfig({ path: environment.KENAL_CONFIG, environment: variables, views });
    if (loaded === null) throw new KenalError('bad_config', 'no kenal.yaml here; name one with KENAL_CONFIG');
    const metrics = createMetrics();
    const health = createHealth();
    const { config } = loaded;
    const service = await build({ environment, config, logger, metrics, health, resources });
    const { KENAL_HOST: host, KENAL_PORT: port = defaultPort ?? 0 } = environment;
    const onTaken = environment.KENAL_PORT === undefined ? 'next' : 'fail';
    const http = createHttpHost({ logger, health, metrics, version, host, port, onTaken });
    await service.routes?.(http.app);
    await service.start();
    resources.defer(() => http.close());
    resources.defer(() => service.stop());
    resources.defer(() => health.drain());
    logger.info({ url: await http.listen() }, 'listening');
  });
}
