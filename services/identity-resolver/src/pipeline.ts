import type { Clock, EventLog, LogBatch } from '@kenal/contracts';
import type { Workspaces } from '@kenal/identity';
import type { Acknowledged } from './acknowledged.ts';
import type { Directives } from './directives/directives.ts';
import type { Positions } from './positions.ts';
import type { ResolverMetrics } from './resolver-metrics.ts';
import type { StepHook } from './step-hook.ts';
import { createDecodeStep } from './steps/decode.ts';
import { createNormaliseStep } from './steps/normalise.ts';
import { createPlaceStep } from './steps/place.ts';
import { createPublishStep } from './steps/publish.ts';
import { createRefuseStep } from './steps/refuse.ts';
import type { Relay } from './steps/relay.ts';

export interface PipelineDeps {
  readonly log: EventLog;
  readonly workspaces: Workspaces;
  readonly directives: Pick<Directives, 'decider' | 'inForce'>;
  readonly positions: Positions;
  readonly relay: Relay;
  readonly metrics: ResolverMetrics;
  readonly clock: Clock;
  readonly onStep: StepHook;
  readonly acknowledged: Acknowledged;
}

/** What happens to a round of batches, in order. Where a step rejects, nothing is acknowledged and all of it comes again. */
export function createPipeline(deps: PipelineDeps): (batches: readonly LogBatch[]) => Promise<void> {
  const { log, directives, workspaces, positions, relay, metrics, clock, onStep, acknowledged } = deps;
  const { decider } = directives;
  const decode = createDecodeStep();
  const normalise = createNormaliseStep(workspaces);
  const place = createPlaceStep(decider, positions.isRecovering, clock);
  const publish = createPublishStep(log, clock);
  const refuse = createRefuseStep(log, clock, metrics);

  return async function process(batches) {
    // Pure in the bytes of each record: who the owner is depends on no other event
    const decoded = decode(batches);
    await directives.inForce();
    const { known } = decider;
    const normalised = normalise(decoded.passed);
    await onStep('decoded');

    // Load, decide, commit: from here on the state has the evidence and, in its outbox, the changes that follow from it
    const placed = await place(normalised.passed, known);

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

    // Where another has the outbox, the group hears of this round when that outbox was seen empty
    await acknowledged.round(
      batches.map(({ topic, partition, records }) => ({ topic, partition, offset: records.at(-1)!.offset + 1 })),
      sent,
    );
    await onStep('acknowledged');

    const named = placed.passed.filter(({ profileId }) => profileId !== '').length;
    metrics.interactions.inc({ person: 'yes' }, named);
    metrics.interactions.inc({ person: 'no' }, placed.passed.length - named);
  };
}
