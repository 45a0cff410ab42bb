import type { Metrics } from '@kenal/service-kit';
import type { Placed } from './work.ts';

/** What the resolver counts. */
export function createResolverMetrics(metrics: Metrics) {
  return {
    interactions: metrics.counter(
      'kenal_resolver_interactions_total',
      'Interactions resolved and published; person says whether somebody could be named',
      ['person'],
    ),
    refused: metrics.counter('kenal_resolver_refused_total', 'Records that became failed events', ['code']),
    changes: metrics.counter('kenal_resolver_changes_total', 'Change records decided, lost races included', ['type']),
    races: metrics.counter('kenal_resolver_lost_races_total', 'Interactions decided again after another was faster'),
    rewinds: metrics.counter('kenal_resolver_rewinds_total', 'Times that the state had lost a tail'),
    swept: metrics.counter(
      'kenal_resolver_components_decided_again_total',
      'Components decided again because rules changed',
    ),
    undecided: metrics.counter(
      'kenal_resolver_components_undecided_total',
      'Components that stay as they were because they could not be decided or told by changed rules',
    ),
    seconds: metrics.histogram(
      'kenal_resolver_round_seconds',
      'Time of a round, from the records to the commit of their offsets',
      [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    ),
    aside: metrics.gauge(
      'kenal_resolver_aside_records',
      'Records that rounds have left to the dirty lane and that are not resolved yet',
      [],
    ),
    computed: metrics.counter(
      'kenal_resolver_computed_total',
      'Computed attributes that were kept with a profile, those that it had already included',
      [],
    ),
    computedDropped: metrics.counter(
      'kenal_resolver_computed_dropped_total',
      'Computed attributes that were left out, by reason: unknown (profile), erased, unreadable, unfit',
      ['reason'],
    ),
    computedLag: metrics.gauge('kenal_resolver_computed_lag_records', 'Computed attributes that wait to be read', []),
    lag: metrics.gauge('kenal_resolver_lag_records', 'Records that wait in a partition', ['partition']),
  };
}
export type ResolverMetrics = ReturnType<typeof createResolverMetrics>;

export function countPlaced({ interactions }: ResolverMetrics, placed: readonly Placed[]): void {
  const named = placed.filter(({ profileId }) => profileId !== '').length;
  interactions.inc({ person: 'yes' }, named);
  interactions.inc({ person: 'no' }, placed.length - named);
}
