import { join } from 'node:path';
import {
  type Directive,
  type EventLog,
  type IdentityState,
  type Interaction,
  type JobQueue,
  type KenalConfig,
  kenalConfigSchema,
  TOPICS,
} from '@kenal/contracts';
import { createCodec, createSettle, createTopicWriter, openEventLog, topicSpecs } from '@kenal/event-log';
import { openEmbeddedQueue } from '@kenal/jobs/embedded';
import { createProfileApi } from '@kenal/profile-api';
import {
  createHealth,
  createHttpHost,
  createLogger,
  createMetrics,
  hashKey,
  type Service,
  systemClock,
} from '@kenal/service-kit';
import { openCandidateIndex } from '@kenal/state/candidates';
import { openEmbeddedState } from '@kenal/state/embedded';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import { createIdentityResolver } from '../../../identity-resolver/src/app.ts';
import { createWarehouseLoader } from '../../../warehouse-loader/src/app.ts';
import { createJobRunner, type JobRunnerDeps } from '../app.ts';
import type { PassHook } from '../linking/pass-hook.ts';
import { WORKSPACE } from './people.ts';

const KEY = 'steward';
/** @param options of the workspace, beside its sources and keys */
function configOf(options: object): KenalConfig {
  return kenalConfigSchema.parse({
    workspaces: [
      {
        ...{ id: WORKSPACE, region: 'GB', stewardKeys: [hashKey(KEY)] },
        sources: ['web', 'crm', 'app'].map((id) => ({ id, keys: [{ key: hashKey('write') }] })),
        ...options,
      },
    ],
  });
}
/** Of jobs and of the outbox: what a killed process held is free again so soon. */
const LEASE_MS = 600;
const SETTLE_MS = 20_000;

export interface World extends AsyncDisposable {
  readonly log: EventLog;
  readonly state: IdentityState;
  readonly warehouse: Warehouse;
  readonly queue: JobQueue;
  readonly config: KenalConfig;
  /** Where the profile API is, and a key that opens it. */
  readonly api: { readonly url: string; readonly keyFor: () => string };
  /** Take interactions in; resolves when all that follows from them is stored. */
  feed(interactions: readonly Interaction[]): Promise<void>;
  /** Everything that is on the log is resolved and stored. */
  settle(): Promise<void>;
  call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly body: never }>;
  directives(): Promise<readonly Directive[]>;
  query<T>(sql: string): Promise<T[]>;
}

/** All that a pass needs, in this process, on embedded adapters over one directory. */
export async function startWorld(
  dataDir: string,
  onStep?: PassHook,
  options: object = {},
  more: Partial<JobRunnerDeps> = {},
): Promise<World> {
  const config = configOf(options);
  const undo = new AsyncDisposableStack();
  const own = <T extends { close(): Promise<void> }>(one: T): T => undo.adopt(one, (it) => it.close());
  const log = own(await openEventLog({ dataDir, clientId: 'test' }));
  await log.ensureTopics(topicSpecs(30));
  const state = own(await openEmbeddedState({ dataDir, leaseMs: LEASE_MS }));
  const index = own(await openCandidateIndex({ dataDir }));
  const queue = own(await openEmbeddedQueue({ dataDir, leaseMs: LEASE_MS }));
  const warehouse = own(await openWarehouse({ dataDir }));
  await warehouse.migrate();
  const logger = createLogger({ name: 'test', level: process.env.KENAL_LOG ?? 'silent' });
  const shared = { log, state, queue, warehouse, config, logger, clock: systemClock };
  const parts = () => ({ ...shared, metrics: createMetrics(), health: createHealth() });
  const start = async (service: Service): Promise<void> => {
    await service.start();
    undo.defer(() => service.stop());
  };
  await start(createWarehouseLoader(parts()));
  await start(createIdentityResolver(parts()));

  const exports = { base: join(dataDir, 'exports'), environment: process.env };
  const api = createProfileApi({ ...parts(), exportBase: exports.base });
  const http = createHttpHost({ ...parts(), version: '0', host: '127.0.0.1', port: 0 });
  await api.routes(http.app);
  await start(api);
  const url = await http.listen();
  undo.defer(() => http.close());
  await start(
    createJobRunner({ ...parts(), index, exports, door: { url, keys: [KEY] }, ...more, ...(onStep ? { onStep } : {}) }),
  );

  const topic = createTopicWriter<Interaction>(log, 'interactions');
  const settled = createSettle(log);
  const settle = async (): Promise<void> => {
    if (!(await settled(SETTLE_MS))) throw new Error('what is on the log was not stored in time');
  };
  return {
    ...{ log, state, warehouse, queue, settle, config },
    api: { url, keyFor: () => KEY },
    feed: async (interactions) => {
      await topic.append(interactions.map((value) => ({ key: value.id, value })));
      await settle();
    },
    call: async (method, path, body) => {
      const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
      const reply = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
      return { status: reply.status, body: (await reply.json()) as never };
    },
    directives: () => readDirectives(log),
    query: (sql) => warehouse.query(sql, { workspace: WORKSPACE }),
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}

async function readDirectives(log: EventLog): Promise<readonly Directive[]> {
  const { decode } = createCodec<Directive>('directive');
  const records = await log.read({ topic: TOPICS.directives.name, partition: 0, offset: 0 }, { records: 10_000 });
  return records.map(({ value }) => decode(value));
}

/** Ask for a pass and wait until it is over. */
export async function link(world: World, body: object = {}): Promise<PassShown> {
  const { body: asked } = (await world.call('POST', '/v1/identity/link', body)) as { body: PassShown };
  return over(world, asked.job);
}

/** Wait until a pass is over. */
export async function over(world: World, job: string): Promise<PassShown> {
  for (;;) {
    const { body: pass } = (await world.call('GET', `/v1/identity/link/${job}`)) as { body: PassShown };
    if (pass.state === 'done' || pass.state === 'dead') {
      await world.settle();
      return pass;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export interface PassShown {
  readonly job: string;
  readonly state: string;
  readonly model: string | null;
  readonly learnt: boolean;
  readonly records: number;
  readonly links: number;
  readonly suggestions: number;
  readonly withdrawn: number;
  readonly error: string | null;
}

/** Pairs that directives have joined by probability, each once, sorted. */
export function linkedPairs(directives: readonly Directive[]): string[] {
  const pairs = directives.flatMap(({ kind, model, pairs }) =>
    kind === 'linkage' ? pairs.map(({ a, b }) => `${model} ${a} ${b}`) : [],
  );
  return [...new Set(pairs)].sort();
}
