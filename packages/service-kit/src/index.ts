export { authenticate, type KeyPlaces, readKeyOf } from './auth/credentials.ts';
export { configuredKeys, createReadKeys, type KnownKey, type Reader, type ReadKeys } from './auth/read-keys.ts';
export { type Checked, checkValue, checkYaml, listFaults } from './check/checked.ts';
export { nearest } from './check/nearest.ts';
export { systemClock } from './clock.ts';
export { adapterEnvironment, exportDirVariable, parseEnvironment, publicUrlVariable } from './environment.ts';
export { erasureHash } from './erasure.ts';
export { createCsvCells } from './exports/csv-cells.ts';
export { type DeclaredExport, declaredExports } from './exports/declared.ts';
export { exportBase, exportFolder, exportRuns, MANIFEST_END } from './exports/folder.ts';
export { giveWay, letGiveWay } from './give-way.ts';
export { createHealth, type Health, type HealthCheck } from './health.ts';
export { createHeldRows, type HeldRows } from './held-rows.ts';
export { createHttpHost, type HttpHost, type HttpHostOptions } from './http-host.ts';
export { hashKey, type LoadedConfig, type LoadOptions, loadKenalConfig, readKenalConfig } from './kenal-config.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { problemSchema } from './openapi/problem.ts';
export { registerOpenApi } from './openapi/register.ts';
export { OPEN, opensBy, PERSON_SECURITY, WRITE_SECURITY } from './openapi/security.ts';
export { problemOf } from './problem.ts';
export { type Repeated, type RepeatOptions, repeat } from './repeat.ts';
export { rulesetHash } from './ruleset-hash.ts';
export { EXIT_CANNOT_START, type Resources, type Service } from './service.ts';
export { runServiceProcess, type ServiceParts, type ServiceProcessOptions } from './service-process.ts';
export {
  runServiceThread,
  type ServiceThreadCommand,
  type ServiceThreadData,
  type ServiceThreadMessage,
} from './service-thread.ts';
export { type UntilAvailableOptions, untilAvailable } from './until-available.ts';
export { faultOfNewWebhookUrl, faultOfWebhookUrl, hostOf, isClosedAddress } from './webhook-address.ts';
export { type WebhookEndpoint, webhookEndpoints } from './webhook-endpoints.ts';
export { signWebhook, webhookSecret } from './webhook-secret.ts';
export { derivedSecret, readWorkspaceKey } from './workspace-key.ts';
