import type { Metrics } from '@kenal/service-kit';
import type { Source } from './source.ts';

/** Counts what became of the copies of one call. */
export type OutcomeCounter = (source: Source, counts: OutcomeCounts) => void;

export interface OutcomeCounts {
  readonly accepted: number;
  readonly failed: number;
  /** Of the accepted: more than a day after they happened. */
  readonly late?: number;
  /** Of the accepted: not as the plan of the source has them. */
  readonly offPlan?: number;
}

/** `kenal_collector_events_total{outcome}` and `kenal_collector_late_total`; labels are looked up once a source. */
export function createOutcomeCounter(metrics: Metrics): OutcomeCounter {
  const total = metrics.counter('kenal_collector_events_total', 'Copies received, by what became of them', [
    'workspace',
    'source',
    'outcome',
  ]);
  const lateTotal = metrics.counter(
    'kenal_collector_late_total',
    'Copies accepted more than a day after they happened',
    ['workspace', 'source'],
  );
  const offPlanTotal = metrics.counter(
    'kenal_collector_plan_faults_total',
    'Copies accepted that are not as the plan of their source has them',
    ['workspace', 'source'],
  );
  const make = ({ workspace, id }: Source) => ({
    accepted: total.labels(workspace, id, 'accepted'),
    failed: total.labels(workspace, id, 'failed'),
    late: lateTotal.labels(workspace, id),
    offPlan: offPlanTotal.labels(workspace, id),
  });
  const bySource = new WeakMap<Source, ReturnType<typeof make>>();
  return (source, { accepted, failed, late = 0, offPlan = 0 }) => {
    let counters = bySource.get(source);
    if (counters === undefined) {
      counters = make(source);
      bySource.set(source, counters);
    }
    if (accepted > 0) counters.accepted.inc(accepted);
    if (failed > 0) counters.failed.inc(failed);
    if (late > 0) counters.late.inc(late);
    if (offPlan > 0) counters.offPlan.inc(offPlan);
  };
}
