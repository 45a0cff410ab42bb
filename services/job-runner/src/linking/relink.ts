import { setTimeout as sleep } from 'node:timers/promises';
import {
  DIRECTIVES_APPLIED_PARTITION,
  type Directive,
  type IdentityState,
  type Job,
  type JobQueue,
  type KenalConfig,
  LINK_JOB,
  type LogBatch,
} from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createCodec } from '@kenal/event-log';
import { addLinkJob } from '../schedules.ts';
import type { Models } from './models.ts';

/** Name of the job that asks for a pass once a directive has taken effect; data `{workspace, position}`. */
export const RELINK_JOB = 'relink';

export interface RelinkDeps {
  readonly config: KenalConfig;
  readonly state: Pick<IdentityState, 'processed'>;
  readonly queue: Pick<JobQueue, 'add' | 'list'>;
  readonly models: Models;
  /** Resolves when everything that is on the log by now is stored in the warehouse, or after a while. */
  readonly settled: () => Promise<unknown>;
}

/** A source that was revoked, or cleared, has other records compared: what follows from them a pass finds. */
export interface Relink {
  /** Directives as they come: each of a source becomes a job. */
  onBatch(batch: LogBatch): Promise<void>;
  /** @throws KenalError `unavailable` where it is too early; the queue tries again */
  work(job: Job): Promise<void>;
}

/** The state may take long to follow, and a pass to end. */
const PATIENCE = { attempts: 1_000, backoffMs: [100, 250, 500, 1_000, 5_000, 30_000] } as const;
const JOBS = 2_000;

export function createRelink({ config, state, queue, models, settled }: RelinkDeps): Relink {
  const configured = new Set(config.workspaces.map(({ id }) => id));
  const { decode } = createCodec<Directive>('directive');

  function sourceDirective(bytes: Uint8Array): Directive | null {
    try {
      const directive = decode(bytes);
      return directive.source !== null && configured.has(directive.workspace) ? directive : null;
    } catch {
      return null; // the loader reports it
    }
  }

  return {
    async onBatch({ records }) {
      for (const { value, offset } of records) {
        const directive = sourceDirective(value);
        if (directive === null) continue;
        const { id, workspace } = directive;
        // A job of its own for each: one that is about to end may have asked for a pass that knew nothing of this one
        const data = { workspace, position: offset };
        await queue.add([{ name: RELINK_JOB, data, uniqueKey: id, ...PATIENCE }]);
      }
    },
    async work({ data }) {
      const workspace = String(data.workspace);
      const [at] = await state.processed([workspace], [DIRECTIVES_APPLIED_PARTITION]);
      if ((at?.offset ?? -1) <= Number(data.position))
        throw new KenalError('unavailable', 'it has not taken effect yet');
      await settled();
      await sleep(2 * models.freshMs); // until then a process may still weigh by what was known before
      const active = await queue.list({ name: LINK_JOB, state: 'active', limit: JOBS });
      if (active.some((job) => job.data.workspace === workspace))
        throw new KenalError('unavailable', 'a pass runs that may have read records before it took effect');
      if ((await models.inForce(workspace)) === null) return; // the first pass sees it as it is
      await addLinkJob(queue, workspace);
    },
  };
}
