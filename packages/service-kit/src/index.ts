export { systemClock } from './clock.ts';
export { adapterEnvironment, parseEnvironment } from './environment.ts';
export { createHealth, type Health, type HealthCheck } from './health.ts';
export { createHttpHost, type HttpHost, type HttpHostOptions } from './http-host.ts';
export { hashKey, type LoadedConfig, type LoadOptions, loadKenalConfig } from './kenal-config.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { type Resources, type RunOptions, runService, type Service } from './service.ts';
export { type UntilAvailableOptions, untilAvailable } from './until-available.ts';
