import { setTimeout as sleep } from 'node:timers/promises';
import { isKenalError } from '@kenal/errors';
import type { Service } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import { createIdentityResolver, type ResolverDeps } from '../app.ts';
import { reasonOf } from '../work.ts';
import { findLosses, type Loss, tellLosses } from './loss.ts';
import type { RebuildProgress } from './progress.ts';
import { rebuildState } from './rebuild.ts';

export interface GuardedDeps extends Omit<ResolverDeps, 'mayRead'> {
  /** null where it cannot be asked what the state should have. */
  readonly warehouse: Warehouse | null;
  /** It makes a lost state anew by itself: it is the only resolver there is. Else it waits until somebody has done so. */
  readonly rebuilds: boolean;
}

class StateLost extends Error {
  readonly losses: readonly Loss[];

  constructor(losses: readonly Loss[]) {
    super(tellLosses(losses));
    this.losses = losses;
  }
}

const AGAIN_MS = 2_000;

/**
 * The resolver, which does not begin, and does not go on, where the identity state is lost and the log has not all that
 * went into it: half a state would tell everybody that people are gone. It says so, is no member of its group meanwhile,
 * and begins by itself once the state is there.
 */
export function createGuardedResolver(deps: GuardedDeps): Service {
  const { log, state, warehouse, rebuilds, config, logger, health } = deps;
  const workspaces = config.workspaces.map(({ id }) => id);
  const stopping = new AbortController();
  const { signal } = stopping;
  let resolver: Service | null = null;
  let fault: string | null = null;
  let waiting: Promise<void> | null = null;

  async function look(): Promise<void> {
    const losses = await findLosses({ log, state, warehouse }, workspaces);
    if (losses.length > 0) throw new StateLost(losses);
  }

  /** Asked before records are read from a place that the state names: it may have been lost while we ran. */
  async function mayRead(): Promise<void> {
    try {
      await look();
    } catch (error) {
      if (error instanceof StateLost) waiting ??= leave().then(wait);
      throw error;
    }
  }

  async function begin(): Promise<void> {
    const next = createIdentityResolver({ ...deps, mayRead });
    await next.start();
    resolver = next;
    fault = null;
  }

  async function leave(): Promise<void> {
    const former = resolver;
    resolver = null;
    await former?.stop();
  }

  async function wait(): Promise<void> {
    let told = '';
    while (!signal.aborted) {
      try {
        await look();
        await begin();
        break;
      } catch (error) {
        fault = reasonOf(error);
        if (fault !== told) logger.error({ err: error }, 'the identity resolver waits for its state');
        told = fault;
        if (error instanceof StateLost && (await makeAnew(error.losses))) continue;
      }
      await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
    waiting = null;
  }

  /** @returns whether it was done */
  async function makeAnew(losses: readonly Loss[]): Promise<boolean> {
    // What is there in part only an operator may throw away
    if (!rebuilds || warehouse === null || losses.some(({ kind }) => kind === 'behind')) return false;
    const wanted = losses.map(({ workspace }) => workspace);
    logger.warn({ workspaces: wanted }, 'the identity state is lost; it is being made anew from the warehouse');
    const onProgress = (progress: RebuildProgress): void => {
      fault = tellProgress(progress);
    };
    try {
      const rebuilt = await rebuildState({ log, state, warehouse, config, logger, onProgress, signal }, wanted);
      logger.warn({ rebuilt }, 'the identity state was made anew from the warehouse');
      return true;
    } catch (error) {
      if (!signal.aborted) logger.error({ err: error }, 'the identity state could not be made anew, trying again');
      fault = reasonOf(error);
      return false;
    }
  }

  return {
    async start() {
      health.add('identity-state', () => fault);
      try {
        await look();
        await begin();
      } catch (error) {
        // What another try may cure, log, state and warehouse being on their way up
        if (!(error instanceof StateLost || (isKenalError(error) && error.retryable))) throw error;
        fault = reasonOf(error);
        waiting = wait();
      }
    },
    async stop() {
      stopping.abort();
      await waiting;
      await leave();
    },
  };
}

function tellProgress({ workspace, phase, done, total }: RebuildProgress): string {
  const share = total > 0 ? ` of ${total.toLocaleString('en-GB')}` : '';
  return `the identity state of ${workspace} is being made anew from the warehouse: ${phase} ${done.toLocaleString('en-GB')}${share}`;
}
