import type { IdentityState, KenalConfig } from '@kenal/contracts';
import { createHealth, createLogger, createMetrics, systemClock } from '@kenal/service-kit';
import { createIdentityResolver } from '../app.ts';
import type { StepHook } from '../step-hook.ts';
import { type AdapterEnvironment, openAdapters } from './backends.ts';
import { CONFIG } from './people.ts';

export interface ResolverOptions {
  /** Fields of components that a round decides on. */
  readonly mostFields?: number;
  /** Stands between the resolver and its state. */
  readonly around?: (state: IdentityState) => IdentityState;
}

/** A resolver with adapters of its own, in this process. */
export async function startResolver(
  environment: AdapterEnvironment,
  onStep: StepHook = () => {},
  workspaces: readonly string[] = CONFIG.workspaces.map(({ id }) => id),
  { workspaces: all }: KenalConfig = CONFIG,
  { around = (state) => state, ...options }: ResolverOptions = {},
) {
  const { log, state } = await openAdapters(environment);
  const metrics = createMetrics();
  const logger = createLogger({ name: 'resolver-test', level: process.env.KENAL_LOG || 'silent' });
  const health = createHealth();
  const config = { workspaces: all.filter(({ id }) => workspaces.includes(id)) };
  const common = { log, config, clock: systemClock, metrics, health, logger, onStep };
  const deps = { ...common, ...options, state: around(state) };
  const resolver = createIdentityResolver(deps);
  await resolver.start();
  return {
    log,
    state,
    metrics: async () => (await metrics.render()).text,
    async stop() {
      await resolver.stop();
      await state.close();
      await log.close();
    },
  };
}
