import type { LogBatch } from '@kenal/contracts';
import type { Acknowledged } from './acknowledged.ts';
import { boundedBy } from './deciding/effort.ts';
import type { Directives } from './directives/directives.ts';
import type { Lane } from './lane/lane.ts';
import type { Positions } from './positions.ts';
import { countPlaced, type ResolverMetrics } from './resolver-metrics.ts';
import type { StepHook } from './step-hook.ts';
import { createDecodeStep } from './steps/decode.ts';
import type { Relay } from './steps/relay.ts';
import type { Steps } from './steps/steps.ts';

export interface PipelineDeps {
  readonly steps: Steps;
  readonly directives: Pick<Directives, 'decider' | 'inForce'>;
  readonly positions: Positions;
  readonly lane: Lane;
  readonly relay: Relay;
  readonly metrics: ResolverMetrics;
  readonly onStep: StepHook;
  readonly acknowledged: Acknowledged;
}

/** What happens to a round of batches, in order. Where a step rejects, nothing is acknowledged and all of it comes again. */
export function createPipeline(deps: PipelineDeps): (batches: readonly LogBatch[]) => Promise<void> {
  const { directives, positions, lane, relay, metrics, onStep, acknowledged } = deps;
  const { normalise, place, publish, refuse } = deps.steps;
  const { decider } = directives;
  const decode = createDecodeStep();
  const bounded = boundedBy(lane);

  return async function process(batches) {
    // Pure in the bytes of each record: who the owner is depends on no other event
    const decoded = decode(batches);
    await directives.inForce();
    const { known } = decider;
    const normalised = normalise(decoded.passed);
    await onStep('decoded');

    // Load, decide, commit: from here on the state has the evidence and, in its outbox, the changes that follow from it
    const placed = await place(normalised.passed, known, bounded);

    // What would take too long is decided beside the rounds; it holds back the offsets, and nobody else
    for (const { workspace, left } of placed.left) lane.take(workspace, left);

    // Only now may the state say that it has these records; the offset may trail the evidence, never lead it
    await positions.advance(batches, decoded.passed);
    await onStep('advanced');

    // Published before the group offset: whoever takes over after a kill publishes again, and the loader collapses it
    await publish(placed.passed);
    await onStep('published');
    await refuse([...decoded.refused, ...normalised.refused, ...placed.refused]);
    await onStep('refused');
    const sent = await relay.flush(new Set(placed.passed.map(({ interaction }) => interaction.workspace)));
    await onStep('relayed');

    // Where another has the outbox, or the lane a record, the group hears of this round when that is over
    await acknowledged.round(
      batches.map(({ topic, partition, records }) => ({ topic, partition, offset: records.at(-1)!.offset + 1 })),
      sent,
    );
    await onStep('acknowledged');
    countPlaced(metrics, placed.passed);
  };
}
