import { createHealth, createHttpHost, createLogger, createMetrics } from '@kenal/service-kit';

/** The HTTP server of every service with nothing behind it: what the collector cannot be faster than. */
const logger = createLogger({ name: 'bare' });
const host = createHttpHost({
  logger,
  health: createHealth(),
  metrics: createMetrics(),
  version: '0',
  host: '127.0.0.1',
  port: 0,
});
for (const path of ['/v1/track', '/v1/batch']) host.app.post(path, () => '{"success":true,"accepted":1,"rejected":[]}');
logger.info({ url: await host.listen() }, 'listening');
