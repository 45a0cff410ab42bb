import type { Metrics } from '@kenal/service-kit';

const PASS_SECONDS = [1, 3, 10, 30, 100, 300, 1_000, 3_000];

/** What the probabilistic pass tells Prometheus. */
export function createLinkerMetrics(metrics: Metrics) {
  const by = ['by'];
  return {
    passes: metrics.counter('kenal_linkage_passes_total', 'passes over all records that ended', ['outcome']),
    seconds: metrics.histogram('kenal_linkage_pass_seconds', 'time of a pass over all records', PASS_SECONDS),
    links: metrics.counter('kenal_linkage_links_total', 'links handed in: by a pass, or by the stream', by),
    suggestions: metrics.counter('kenal_linkage_suggestions_total', 'pairs put into the review queue', by),
    weighed: metrics.counter('kenal_linkage_records_total', 'records weighed as they came in'),
    candidates: metrics.counter('kenal_linkage_candidates_total', 'records that others were weighed against'),
    oversize: metrics.counter(
      'kenal_linkage_oversize_blocks_total',
      'blocks that were looked up and are too large to say anything',
    ),
    skipped: metrics.counter('kenal_linkage_skipped_total', 'records of the stream that could not be weighed', [
      'reason',
    ]),
    lag: metrics.gauge('kenal_linkage_lag_records', 'records behind the end of the partition last read'),
  };
}

export type LinkerMetrics = ReturnType<typeof createLinkerMetrics>;
