import type { Metrics } from '@kenal/service-kit';

const FLUSH_SECONDS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10];

/** What the loader tells Prometheus. */
export function createLoaderMetrics(metrics: Metrics) {
  return {
    rows: metrics.counter('kenal_loader_rows_total', 'rows stored in ClickHouse, receipts and profiles included'),
    refused: metrics.counter('kenal_loader_refused_total', 'records that can never be stored, kept as failed events'),
    retries: metrics.counter('kenal_loader_retries_total', 'loads that were not taken and tried again'),
    seconds: metrics.histogram('kenal_loader_flush_seconds', 'time to store and commit one load', FLUSH_SECONDS),
    lag: metrics.gauge('kenal_loader_lag_records', 'records behind the end of the partition last read', ['topic']),
  };
}
