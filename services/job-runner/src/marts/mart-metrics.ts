import type { Metrics } from '@kenal/service-kit';

const SECONDS = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000, 3_000];

/** What refreshes of marts tell Prometheus. */
export function createMartMetrics(metrics: Metrics) {
  return {
    refreshes: metrics.counter('kenal_mart_refreshes_total', 'refreshes that ended', ['mart', 'outcome']),
    seconds: metrics.histogram('kenal_mart_refresh_seconds', 'time of a refresh', SECONDS, ['mart']),
    rows: metrics.counter('kenal_mart_rows_total', 'rows that refreshes wrote', ['mart']),
  };
}

export type MartMetrics = ReturnType<typeof createMartMetrics>;
