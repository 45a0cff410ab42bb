import type { Metrics } from '@kenal/service-kit';

const SECONDS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 15];

/** What deliveries tell Prometheus. */
export function createWebhookMetrics(metrics: Metrics) {
  return {
    attempts: metrics.counter('kenal_webhook_attempts_total', 'attempts to deliver an event', ['outcome']),
    seconds: metrics.histogram('kenal_webhook_attempt_seconds', 'time of an attempt that was sent', SECONDS),
    recovered: metrics.counter('kenal_webhook_recovered_total', 'deliveries that the queue had lost'),
    stopped: metrics.gauge('kenal_webhook_stopped_endpoints', 'endpoints that were stopped and are to be mended'),
  };
}

export type WebhookMetrics = ReturnType<typeof createWebhookMetrics>;
