import type { Interaction } from '@kenal/contracts';
import type { Effort } from '../deciding/effort.ts';
import type { Directives } from '../directives/directives.ts';
import { countPlaced, type ResolverMetrics } from '../resolver-metrics.ts';
import type { StepHook } from '../step-hook.ts';
import type { Steps } from '../steps/steps.ts';
import type { Decoded } from '../work.ts';

export interface SettleAsideDeps {
  readonly directives: Pick<Directives, 'decider' | 'inForce'>;
  readonly steps: Steps;
  /** Run something while no round runs. */
  readonly between: (work: () => Promise<void>) => Promise<void>;
  /** The items are processed and published: send the changes of these workspaces, raise the offsets that were held back. */
  readonly release: (items: readonly Decoded[], workspaces: ReadonlySet<Interaction['workspace']>) => Promise<void>;
  readonly metrics: ResolverMetrics;
  readonly onStep: StepHook;
}

/** What happens to records that a round left, in order. */
export function createSettleAside({ directives, steps, between, release, metrics, onStep }: SettleAsideDeps) {
  return async function settleAside(items: readonly Decoded[], effort: Effort): Promise<void> {
    await onStep('aside');
    // Anew: meanwhile a person may have been erased, or rules may be others
    await between(directives.inForce);
    const { known } = directives.decider;
    const normalised = steps.normalise(items);

    const placed = await steps.place(normalised.passed, known, effort);
    await onStep('asidePlaced');
    await steps.publish(placed.passed);
    await steps.refuse([...normalised.refused, ...placed.refused]);
    await onStep('asidePublished');
    await between(() => release(items, new Set(placed.passed.map(({ interaction }) => interaction.workspace))));
    await onStep('asideReleased');
    countPlaced(metrics, placed.passed);
  };
}
