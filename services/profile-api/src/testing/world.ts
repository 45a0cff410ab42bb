import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import {
  type Clock,
  type EventLog,
  type FailedEvent,
  formatTime,
  type IdentityState,
  type Interaction,
  type JobQueue,
  type KenalConfig,
  kenalConfigSchema,
  type Resolved,
} from '@kenal/contracts';
import { createTopicWriter, openEventLog, topicSpecs } from '@kenal/event-log';
import { createNormaliser, decide, evidenceOf, rulesOf } from '@kenal/identity';
import { openJobQueue } from '@kenal/jobs';
import { createHealth, createHttpHost, createLogger, createMetrics, hashKey, systemClock } from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { applyOverrides, openWarehouse, rowVersion, type Warehouse } from '@kenal/warehouse';
import { migratedDirectory } from '../../../../test/support/migrated-directory.ts';
import { createProfileApi, type ProfileApi, type ProfileApiDeps } from '../app.ts';
import type { SqlHost } from '../sql/sql-host.ts';
import { interactionRow } from './warehouse.ts';

export const KEYS = {
  ...{ shop: 'shop-read-key', bank: 'bank-read-key' },
  ...{ steward: 'shop-steward-key', bankSteward: 'bank-steward-key' },
} as const;
/** Of the shop; the bank has none. */
export const ERASURE_KEY = `key:${'e'.repeat(64)}`;

export interface World extends AsyncDisposable {
  readonly url: string;
  readonly sqlUrl: string;
  readonly log: EventLog;
  readonly state: IdentityState;
  readonly warehouse: Warehouse;
  readonly queue: JobQueue;
  readonly api: ProfileApi;
  /** All that it describes: `get /v1/profiles/{profile}`. */
  readonly routes: readonly string[];
  /** What the service wrote to its log as an error. */
  readonly faults: readonly string[];
  /** Resolve, store and publish interactions of one workspace, as resolver and loader do. */
  feed(workspace: string, interactions: readonly Partial<Interaction>[]): Promise<void>;
  refuse(workspace: string, failed: Partial<FailedEvent>): Promise<void>;
  /** GET with the key of the shop. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** POST of JSON with the steward key of the shop. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

export interface WorldOptions extends Pick<ProfileApiDeps, 'development'> {
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** `traits` of the shop, as kenal.yaml has them. */
  readonly traits?: object;
}

/** The service on embedded adapters and free ports, with nobody in it. */
export async function startWorld({ traits = {}, ...more }: WorldOptions = {}): Promise<World> {
  const resources = new AsyncDisposableStack();
  const dataDir = await migratedDirectory();
  resources.defer(() => rm(dataDir, { recursive: true, force: true }));
  const config = testConfig(traits);
  const log = resources.adopt(await openEventLog({ dataDir, clientId: 'test' }), (it) => it.close());
  await log.ensureTopics(topicSpecs(30));
  const state = resources.adopt(await openState({ dataDir }), (it) => it.close());
  const warehouse = resources.adopt(await openWarehouse({ dataDir }), (it) => it.close());
  await warehouse.migrate();
  const queue = resources.adopt(await openJobQueue({ dataDir }), (it) => it.close());

  const faults: string[] = [];
  const logger = createLogger({
    name: 'test',
    level: 'error',
    destination: { write: (line) => void faults.push(line) },
  });
  const common = { logger, metrics: createMetrics() };
  const health = createHealth();
  const api = createProfileApi({
    state,
    queue,
    warehouse,
    log,
    config,
    clock: systemClock,
    health,
    ...common,
    ...more,
  });
  const host = createHttpHost({ ...common, health, version: '0', host: '127.0.0.1', port: 0 });
  const routes: string[] = [];
  host.app.addHook('onRoute', ({ method, url: path, schema }) => {
    const isHidden = (schema as { hide?: boolean } | undefined)?.hide === true;
    const methods = [method].flat().filter((one) => one !== 'HEAD');
    const described = path.replace(/:(\w+)/g, '{$1}');
    if (!isHidden) routes.push(...methods.map((one) => `${one.toLowerCase()} ${described}`));
  });
  await api.routes(host.app);
  await api.start();
  const sqlHost: SqlHost = api.sqlHost({ host: '127.0.0.1', port: 0, onTaken: 'fail' });
  await sqlHost.start();
  const url = await host.listen();
  resources.defer(() => host.close());
  resources.defer(() => sqlHost.stop());
  resources.defer(() => api.stop());

  const failures = createTopicWriter<FailedEvent>(log, 'failed');
  return {
    url,
    sqlUrl: sqlHost.url,
    ...{ log, state, warehouse, queue, routes },
    api,
    faults,
    feed: createFeed(config, state, warehouse, log),
    refuse: async (workspace, failed) => {
      await failures.append([{ key: workspace, value: { ...FAILED, workspace, ...failed } }]);
    },
    get: (path, headers = {}) => fetch(`${url}${path}`, { headers: { 'x-read-key': KEYS.shop, ...headers } }),
    post: (path, body, headers = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'x-steward-key': KEYS.steward, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

export function testConfig(traits: object = {}): KenalConfig {
  const sources = ['web', 'crm'].map((id) => ({ id, keys: [{ key: hashKey('write') }] }));
  return kenalConfigSchema.parse({
    workspaces: [
      {
        ...{ id: 'shop', sources, traits, readKeys: [hashKey(KEYS.shop)] },
        ...{ stewardKeys: [hashKey(KEYS.steward)], erasureKey: ERASURE_KEY, signingKey: `key:${'f'.repeat(64)}` },
        webhooks: [{ name: 'erp', url: 'https://erp.example.com/hooks', secrets: [`whsec_${'A'.repeat(43)}=`] }],
        exports: [{ name: 'nightly', what: 'profiles' }],
      },
      { id: 'bank', sources, readKeys: [hashKey(KEYS.bank)], stewardKeys: [hashKey(KEYS.bankSteward)] },
    ],
  });
}

function createFeed(config: KenalConfig, state: IdentityState, warehouse: Warehouse, log: EventLog): World['feed'] {
  const resolvedTopic = createTopicWriter<Resolved>(log, 'resolved');
  return async (workspace, interactions) => {
    const own = config.workspaces.find(({ id }) => id === workspace)!;
    const normalise = createNormaliser(own.identity, own.region);
    const rules = rulesOf(own.identity, workspace, { traits: own.traits });
    for (const partial of interactions) {
      const interaction = { ...INTERACTION, workspace, ...partial };
      const named = normalise(interaction.identifiers);
      const evidence = evidenceOf(interaction, named, rules)!;
      const { now, ...loaded } = await state.load(workspace, evidence.keys);
      const newComponent = (): string => randomUUID();
      // No hub comes and goes here, so nothing more is ever wanted
      const decision = decide({ rules, now, newComponent, loaded, evidence: [evidence] });
      const changes = decision.commits.flatMap((each) => each.changes);
      await state.commit(
        workspace,
        decision.commits.map(({ commit }) => ({ ...commit, outbox: [] })),
      );
      const { profileId, version } = decision.owners.get(evidence.owner)!;
      const identifiers = named.identifiers.map(({ type, value }) => ({ type, value }));
      const place = { logTopic: 't', logPartition: 0, logOffset: 0, resolvedAt: now };
      const value: Resolved = { interaction, identifiers, owner: evidence.owner, profileId, version, ...place };
      await resolvedTopic.append([{ key: profileId, value }]);
      await warehouse.insert('kenal.interaction_rows', [rowOf(value)]);
      const profiles = changes.map((change) => ({
        workspace,
        profile_id: change.profileId,
        version: change.version,
        change_type: change.type,
        changed_at: clickhouseTime(change.occurredAt),
        live: change.after !== null,
        traits: JSON.parse(change.after?.traits ?? '{}'),
        identifiers: change.after?.identifiers ?? [],
        identifier_count: change.after?.identifierCount ?? 0,
      }));
      await warehouse.insert('kenal.profile_rows', profiles);
      const assigned = changes.flatMap(({ profileId: profile_id, version: at, assigned: keys }) =>
        keys.map(({ type, value }) => ({ workspace, type, value, profile_id, version: at })),
      );
      await warehouse.insert('kenal.identifier_rows', assigned);
      const moved = changes.flatMap(({ profileId: to, version: ver, assigned: keys }) =>
        keys.filter(({ from }) => from !== '').map(({ key: owner }) => ({ workspace, owner, profileId: to, ver })),
      );
      await applyOverrides(warehouse, moved);
    }
  };
}

function rowOf({ interaction: event, identifiers, owner, profileId, version }: Resolved): object {
  return interactionRow(event.workspace, event.id, {
    ...{ channel: event.channel, type: event.type, name: event.name ?? '', user_id: event.userId ?? '' },
    ...{ source: event.source, client_at: event.clientAt === null ? null : clickhouseTime(event.clientAt) },
    ...{
      identifiers,
      owner,
      profile_id: profileId,
      ver: String(rowVersion(event.occurredAt, version)),
      amount: event.amount,
      currency: event.currency ?? '',
    },
    ...{ occurred_at: clickhouseTime(event.occurredAt), received_at: clickhouseTime(event.receivedAt) },
    properties: JSON.parse(event.properties),
    traits: JSON.parse(event.traits),
  });
}

function clickhouseTime(micros: number): string {
  return formatTime(micros).replace('T', ' ').replace('Z', '');
}

const AT = Date.UTC(2026, 2, 1, 10) * 1_000;

export const INTERACTION: Interaction = {
  ...{ id: 'm', workspace: '', source: 'web', channel: 'web', direction: 'inbound', type: 'track', name: null },
  ...{ clientAt: AT, sentAt: null, receivedAt: AT, occurredAt: AT, identifiers: [], participants: [], actor: null },
  ...{ accountId: null, caseId: null, conversationId: null, sessionId: null, userId: null, anonymousId: null },
  ...{ traits: '{}', properties: '{}', context: '{}', extra: '{}', consent: null, campaign: null },
  ...{ amount: null, currency: null, receipt: { collector: 'c', sequence: 1 } },
};

const FAILED: FailedEvent = {
  ...{ failureId: 'f', workspace: '', source: 'web', messageId: 'm', receivedAt: AT, failedAt: AT, stage: 'collector' },
  ...{
    code: 'event_bad_type',
    path: '$.type',
    reason: 'unknown',
    body: new Uint8Array([123, 125]),
    contentType: 'application/json',
  },
  receipt: null,
  frame: '',
  change: null,
};
