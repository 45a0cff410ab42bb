import type { Directive, IdentityState } from '@kenal/contracts';
import type { Stored } from '@kenal/event-log';
import { directiveEvidenceOf, type Workspaces } from '@kenal/identity';
import type { Logger } from '@kenal/service-kit';
import type { Decider } from '../deciding/decider.ts';
import { AT_ONCE, boundedBy, type Effort } from '../deciding/effort.ts';
import type { Left } from '../deciding/settle.ts';
import { createErasure } from './erasure.ts';
import type { Standing } from './marks.ts';
import type { AsideLane } from './sweep.ts';

export interface TakingDeps {
  readonly state: IdentityState;
  readonly workspaces: Workspaces;
  readonly decider: Decider;
  readonly lane: AsideLane | null;
  readonly standing: Pick<Standing, 'raise'>;
  readonly logger: Logger;
}

type Batch = readonly Stored<Directive>[];

/** Makes evidence of directives, and erases. */
export interface Taking {
  /** When this resolves they are in force: for whoever hangs on what the lane has of them, behind it in the lane. */
  take(workspace: string, stored: Batch): Promise<void>;
  /** Some wait in the lane, and do not stand yet. */
  readonly isWaiting: boolean;
  /** All of them will be taken again. */
  forget(): void;
}

export function createTaking(deps: TakingDeps): Taking {
  const { workspaces, decider, lane, standing, logger } = deps;
  const erase = createErasure(deps);
  const effort = lane === null ? AT_ONCE : boundedBy(lane);
  const aside = new Set<Batch>();

  /** @returns what was left */
  async function settle(workspace: string, stored: Batch, how: Effort): Promise<readonly Left<Stored<Directive>>[]> {
    const { known } = decider;
    const { isOverruled } = workspaces.of(workspace);
    const evident = stored.flatMap((item) => {
      const { issuedAt } = item.value;
      return directiveEvidenceOf(item.value)
        .filter(({ keys }) => !isOverruled(keys, issuedAt))
        .map((evidence) => ({ item, evidence, recovering: false }));
    });
    const { unfit, left } = await decider.settle(workspace, evident, known, how);
    for (const { item, error } of unfit)
      logger.error({ err: error, directive: item.value.id }, 'a directive cannot be carried out');
    return left;
  }

  async function setAside(workspace: string, batch: Batch, { places }: Left<unknown>): Promise<void> {
    if (lane === null || batch.length === 0) return;
    aside.add(batch);
    const isDone = await lane.run(workspace, places, async (patience) => {
      // Anew, as records there: who is in it may have been erased
      await settle(workspace, batch, patience);
    });
    if (isDone) aside.delete(batch);
  }

  return {
    async take(workspace, stored) {
      await standing.raise(workspace, stored.at(-1)!.offset + 1);
      // Where this is done again after a failure some may wait already
      const waiting = new Set([...aside].flat().map(({ offset }) => offset));
      for (const left of await settle(workspace, stored, effort)) {
        const batch = [...new Set(left.items)].filter(({ offset }) => !waiting.has(offset));
        void setAside(workspace, batch, left);
      }
      for (const { value } of stored) if (value.kind === 'erase') await erase(value);
    },
    get isWaiting() {
      return aside.size > 0;
    },
    forget: () => aside.clear(),
  };
}
