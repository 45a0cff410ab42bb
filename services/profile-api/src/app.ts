import {
  type Clock,
  type EventLog,
  type IdentityState,
  type JobQueue,
  type KenalConfig,
  type Resolved,
  TOPICS,
} from '@kenal/contracts';
import { createCodec, createGoals, topicSpecs } from '@kenal/event-log';
import {
  createReadKeys,
  type Health,
  type Logger,
  type Metrics,
  type ReadKeys,
  registerOpenApi,
  type Service,
} from '@kenal/service-kit';
import { damageOf, type Warehouse } from '@kenal/warehouse';
import type { FastifyInstance } from 'fastify';
import manifest from '../package.json' with { type: 'json' };
import { asyncApiDocument } from './asyncapi/document.ts';
import { type Audit, createAudit } from './audit/audit.ts';
import { createReadCard } from './card/read-card.ts';
import { mountCard } from './card/routes.ts';
import { createChangeFeed, type FeedTuning } from './changes/feed.ts';
import { mountChanges } from './changes/routes.ts';
import { createCompose } from './directives/compose.ts';
import { createDecided, type Decided } from './directives/decided.ts';
import { createHideNobodys } from './directives/hide-nobodys.ts';
import { createIssue } from './directives/issue.ts';
import { createListDirectives } from './directives/list.ts';
import { createTellNote } from './directives/note.ts';
import { mountDirectives } from './directives/routes.ts';
import { createAskSettled } from './directives/settled.ts';
import { createManagedExports } from './exports/managed-exports.ts';
import { mountExports } from './exports/routes.ts';
import { type TypedApp, typedScope } from './http/typed-app.ts';
import { mountJobs } from './jobs/routes.ts';
import { createManagedKeys } from './keys/managed-keys.ts';
import { mountKeys } from './keys/routes.ts';
import { createPasses } from './linking/passes.ts';
import { mountLinking } from './linking/routes.ts';
import { createCount } from './live/counts.ts';
import { createFailedTail } from './live/failed-tail.ts';
import { presentResolved } from './live/present.ts';
import { mountLive } from './live/routes.ts';
import { createTail } from './live/tail.ts';
import { withoutErased } from './live/without-erased.ts';
import { createMarts } from './marts/marts.ts';
import { mountMarts } from './marts/routes.ts';
import { createReadOrders } from './orders/read-orders.ts';
import { mountOrders } from './orders/routes.ts';
import { type DevelopmentKeys, mountPage } from './page/routes.ts';
import { createAskPerson } from './profiles/ask-person.ts';
import { createExplainPair } from './profiles/explain.ts';
import { createReadFits } from './profiles/fits.ts';
import { mountMany } from './profiles/many-routes.ts';
import { mountOwnPages } from './profiles/own-pages.ts';
import { createOwnTokens } from './profiles/own-token.ts';
import { createProfileReader, type ProfileReader } from './profiles/reader.ts';
import { mountProfiles } from './profiles/routes.ts';
import { createSearch } from './profiles/search.ts';
import { mountSpaces } from './profiles/spaces.ts';
import { createTimeline } from './profiles/timeline.ts';
import { createTraitHistory } from './profiles/trait-history.ts';
import { createAwaitWritten } from './profiles/written.ts';
import { mountReference } from './reference/routes.ts';
import { mountRegistry } from './registry/routes.ts';
import { createReviewQueue } from './reviews/queue.ts';
import { createCompareRecords } from './reviews/records.ts';
import { mountReviews } from './reviews/routes.ts';
import { createManagedSettings, type ManagedSettings } from './settings/managed-settings.ts';
import { mountSources } from './sources/routes.ts';
import { engineOf } from './sql/guard/engine.ts';
import { createSqlGuard, type SqlGuard } from './sql/guard/guard.ts';
import { createQueryLog, type QueryLog } from './sql/query-log.ts';
import { mountSql, type SqlRouteDeps } from './sql/routes.ts';
import { createRunSql } from './sql/run.ts';
import { exportLimitsOf, limitsOf } from './sql/settings.ts';
import { createSqlHost, type SqlHost } from './sql/sql-host.ts';
import { mountTrace } from './trace/routes.ts';
import { createTrace } from './trace/trace.ts';
import { createAttemptLog } from './webhooks/attempt-log.ts';
import { createManagedWebhooks } from './webhooks/managed-webhooks.ts';
import { mountWebhooks } from './webhooks/routes.ts';

export interface ProfileApiDeps {
  readonly state: IdentityState;
  /** With its schema up to date (`migrate`). */
  readonly warehouse: Warehouse;
  readonly log: EventLog;
  /** Where work that may wait is asked for. */
  readonly queue: Pick<JobQueue, 'add' | 'find' | 'list' | 'retry'>;
  readonly config: KenalConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  /** As clients and vendors reach the collectors, for who asks where a source comes in. */
  readonly publicUrl?: string | undefined;
  /** Folder below which exports are written, where this process sees it. */
  readonly exportBase?: string | undefined;
  /** Put into the start page for a person at this machine; leave out everywhere but in development. */
  readonly development?: DevelopmentKeys | undefined;
  /** For tests and benches. */
  readonly feed?: FeedTuning | undefined;
}

export interface SqlPortOptions {
  readonly host: string;
  readonly port: number;
  readonly onTaken: 'next' | 'fail';
}

export interface ProfileApi extends Service {
  routes(app: FastifyInstance): Promise<void>;
  /** The same SQL handler on a port of its own; start and stop it beside the service. */
  sqlHost(options: SqlPortOptions): SqlHost;
}

/** Puts routes on a host. */
type Mount = (app: TypedApp) => void;

/** What every part of the service is made of. */
interface Base extends ProfileApiDeps {
  readonly readKeys: ReadKeys;
  readonly settings: ManagedSettings;
  readonly audit: Audit;
  readonly decided: Decided;
  readonly reader: ProfileReader;
  readonly queryLog: QueryLog;
  readonly guard: SqlGuard;
  /** Ends the streams of followers. */
  readonly stopping: AbortSignal;
}

/** Profiles, timelines, search, SQL, what came in last, the start page: everything that reads; and decisions about who is who. */
export function createProfileApi(deps: ProfileApiDeps): ProfileApi {
  const { state, log, config, clock, logger, health } = deps;
  const stopping = new AbortController();
  const settings = createManagedSettings(deps);
  const readKeys = createReadKeys(config, createManagedKeys(config, settings, logger));
  const decided = createDecided(log, config, clock);
  const reader = createProfileReader(state, decided);
  const audit = createAudit(deps);
  const queryLog = createQueryLog(deps.warehouse, logger);
  const guard = createSqlGuard(engineOf(deps.warehouse));
  const ours = { readKeys, settings, audit, decided, reader, queryLog, guard };
  const base: Base = { ...deps, ...ours, stopping: stopping.signal };
  const { sql, exportRows } = readersSql(base);
  const mountParts = [peopleRoutes(base), decisionRoutes(base), operatorRoutes(base), liveRoutes(base)];

  return {
    routes: async (app) => {
      await registerOpenApi(app, manifest.version);
      // A scope of its own: checking by zod is no affair of other services on this host
      app.get('/asyncapi.json', { schema: { hide: true } as object }, ({ host }) =>
        asyncApiDocument(manifest.version, host),
      );
      await app.register(async (scope: FastifyInstance) => {
        mountSql(scope, '/v1/sql', sql);
        mountSql(scope, '/v1/exports/rows', exportRows);
        mountPage(scope, deps.development ?? null);
        mountReference(scope);
      });
      await app.register((scope: FastifyInstance) => mountRegistry(scope, base));
      await app.register(async (scope: FastifyInstance) => {
        const typed = typedScope(scope);
        for (const mount of mountParts) mount(typed);
      });
    },
    sqlHost: (options) => createSqlHost({ ...sql, ...options, health, version: manifest.version }),
    async start() {
      await begin(deps);
      await settings.start();
    },
    async stop() {
      stopping.abort();
      await settings.stop();
      await audit.stop();
      await queryLog.stop();
    },
  };
}

/** People, and what happened to an event of theirs. */
function peopleRoutes({ warehouse, config, log, logger, state, decided, reader, readKeys, clock, audit }: Base): Mount {
  const ownTokens = createOwnTokens(config, clock);
  const { standing, workspaces } = decided;
  const awaitWritten = createAwaitWritten(state, createGoals(log));
  const askPerson = createAskPerson({
    readKeys,
    reader,
    readOwnToken: ownTokens.read,
    workspaces,
    awaitWritten,
    audit,
  });
  const currencies = new Map(config.workspaces.map(({ id, currency }) => [id, currency]));
  const orders = createReadOrders(warehouse, (id) => currencies.get(id) ?? '');
  const readCard = createReadCard(warehouse, orders);
  const profiles = {
    ...{ readKeys, askPerson, awaitWritten, clock, audit },
    explain: createExplainPair({ reader, standing, workspaces, queue: createReviewQueue(warehouse) }),
    timeline: createTimeline(warehouse),
    traitHistory: createTraitHistory(warehouse),
    search: createSearch(warehouse, reader),
    readFits: createReadFits(warehouse, logger),
  };
  const trace = createTrace(warehouse, log, config);
  return (app) => {
    mountProfiles(app, profiles);
    mountOwnPages(app);
    mountMany(app, { readKeys, askPerson, ownTokens, awaitWritten, clock });
    mountOrders(app, { readKeys, askPerson, awaitWritten, orders, audit });
    mountCard(app, { askPerson, readCard });
    mountSpaces(app, profiles);
    mountTrace(app, readKeys, trace);
  };
}

/** Who is who. */
function decisionRoutes({ warehouse, config, log, state, clock, decided, reader, readKeys, ...base }: Base): Mount {
  const { standing } = decided;
  const issue = createIssue({ log, clock, standing });
  const directives = {
    ...{ readKeys, issue, standing },
    compose: createCompose({ reader, config, warehouse, standing }),
    hideNobodys: createHideNobodys(reader, warehouse),
    tellNote: createTellNote(reader),
    list: createListDirectives(warehouse, reader),
    settled: createAskSettled(state, createGoals(log)),
  };
  const queue = createReviewQueue(warehouse);
  const reviews = { ...{ readKeys, issue, queue }, compareRecords: createCompareRecords(state, config) };
  const linking = { readKeys, passes: createPasses(base.queue, warehouse) };
  return (app) => {
    mountDirectives(app, directives);
    mountReviews(app, reviews);
    mountLinking(app, linking);
  };
}

/** What runs Kenal: sources, marts, jobs, keys, webhooks. */
function operatorRoutes({ queue, warehouse, config, log, clock, logger, readKeys, settings, ...base }: Base): Mount {
  const marts = { readKeys, marts: createMarts({ queue, warehouse, config, clock }) };
  const webhooks = createManagedWebhooks({ log, config, settings, clock, logger });
  const exports = createManagedExports({ ...base, exportBase: base.exportBase, config, settings, queue, logger });
  const hooks = { readKeys, webhooks, queue, clock, attemptLog: createAttemptLog(warehouse) };
  return (app) => {
    mountSources(app, config, readKeys, base.publicUrl);
    mountMarts(app, marts);
    mountJobs(app, { readKeys, queue });
    mountKeys(app, { readKeys, config, settings });
    mountWebhooks(app, hooks);
    mountExports(app, { readKeys, exports });
  };
}

/** What came in last, as it comes. */
function liveRoutes(base: Base): Mount {
  const { warehouse, config, log, clock, health, decided, readKeys, stopping, audit } = base;
  const { standing, workspaces } = decided;
  const live = {
    ...{ readKeys, health, stopping, audit, version: manifest.version },
    count: createCount(warehouse, clock),
    interactions: withoutErased(
      createTail(log, {
        topic: TOPICS.resolved.name,
        decode: createCodec<Resolved>('resolved').decode,
        workspaceOf: ({ interaction }) => interaction.workspace,
        arrivedAt: ({ interaction }) => interaction.receivedAt,
        present: presentResolved,
      }),
      config,
      standing,
    ),
    failed: createFailedTail(log, { config, workspaces, warehouse, standing }),
  };
  const feed = createChangeFeed({ ...base, workspaces, standing, tuning: base.feed });
  return (app) => {
    mountLive(app, live);
    mountChanges(app, { readKeys, audit, feed });
  };
}

/** SQL of readers, and rows for exports. */
function readersSql(base: Base): Readonly<Record<'sql' | 'exportRows', SqlRouteDeps>> {
  const { warehouse, config, logger, metrics, readKeys, queryLog, guard } = base;
  const shared = { queryLog, readKeys, logger, metrics };
  return {
    sql: { ...shared, run: createRunSql(warehouse, guard, limitsOf(config)) },
    exportRows: { ...shared, run: createRunSql(warehouse, guard, exportLimitsOf(config)), also: ['manage'] },
  };
}

async function begin({ log, config, warehouse, health, logger }: ProfileApiDeps): Promise<void> {
  for (const { id: workspace, erasureKey } of config.workspaces)
    if (erasureKey === undefined)
      logger.warn({ workspace }, 'nobody can be erased before workspaces.erasureKey is set');
  await log.ensureTopics(topicSpecs(...config.workspaces.map(({ retentionDays }) => retentionDays)));
  health.add('warehouse', async () => {
    await warehouse.ping();
    const warning = await damageOf(warehouse);
    return warning === null ? null : { warning };
  });
}
