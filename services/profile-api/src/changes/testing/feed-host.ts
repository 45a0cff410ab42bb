import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Change, type EventLog, kenalConfigSchema, type ProfileContent } from '@kenal/contracts';
import { createTopicWriter, openEventLog, topicSpecs } from '@kenal/event-log';
import {
  createHealth,
  createHttpHost,
  createLogger,
  createMetrics,
  createReadKeys,
  hashKey,
  systemClock,
} from '@kenal/service-kit';
import { createDecided } from '../../directives/decided.ts';
import { typedScope } from '../../http/typed-app.ts';
import { createChangeFeed, type FeedTuning } from '../feed.ts';
import { mountChanges } from '../routes.ts';

export const KEYS = { shop: 'shop-key', bank: 'bank-key', narrow: 'narrow-key', deaf: 'deaf-key' } as const;
export const ERASURE_KEY = `key:${'e'.repeat(64)}`;

export interface FeedHost extends AsyncDisposable {
  readonly url: string;
  readonly dataDir: string;
  readonly log: EventLog;
  append(changes: readonly Change[]): Promise<void>;
  metrics(): Promise<string>;
  /** Bytes that lie in this process for the one who has taken least. */
  mostPending(): number;
  /** End all streams, as a service does that stops, and take new ones at the same address. */
  restart(): Promise<void>;
}

const STREAMS = 2_500;

/** @param streams that one key may have open */
export async function startFeedHost(tuning: FeedTuning = {}, streams = STREAMS): Promise<FeedHost> {
  const resources = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-feed-'));
  resources.defer(() => rm(dataDir, { recursive: true, force: true }));
  const log = resources.adopt(await openEventLog({ dataDir, clientId: 'test' }), (it) => it.close());
  await log.ensureTopics(topicSpecs(30));
  const config = kenalConfigSchema.parse({ workspaces: workspaces(streams) });
  const logger = createLogger({ name: 'test', level: 'silent' });
  let running = await start(0);
  resources.defer(() => running.stop());

  async function start(port: number) {
    const metrics = createMetrics();
    const stopping = new AbortController();
    const readKeys = createReadKeys(config);
    const decided = createDecided(log, config, systemClock);
    const feed = createChangeFeed({ ...decided, log, config, logger, metrics, stopping: stopping.signal, tuning });
    const audit = { admit: () => {}, note: () => {} };
    const host = createHttpHost({ logger, metrics, health: createHealth(), version: '0', host: '127.0.0.1', port });
    await host.app.register(async (scope) => mountChanges(typedScope(scope as never), { readKeys, audit, feed }));
    const sockets = new Set<Socket>();
    host.app.server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    const url = await host.listen();
    const stop = async (): Promise<void> => {
      stopping.abort();
      await host.close();
    };
    const mostPending = (): number => Math.max(0, ...[...sockets].map(({ writableLength }) => writableLength));
    return { url, metrics, mostPending, stop };
  }

  const writer = createTopicWriter<Change>(log, 'changes');
  return {
    url: running.url,
    ...{ dataDir, log },
    append: async (changes) => {
      await writer.append(changes.map((value) => ({ key: value.profileId, value })));
    },
    metrics: async () => (await running.metrics.render()).text,
    mostPending: () => running.mostPending(),
    async restart() {
      await running.stop();
      running = await start(Number(new URL(running.url).port));
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function workspaces(streams: number): object[] {
  const sources = [{ id: 'web', keys: [{ key: hashKey('write') }] }];
  const keys = [
    { name: 'narrow', key: hashKey(KEYS.narrow), verbs: ['changes'], fields: ['traits.plan', 'identifiers.user_id'] },
    { name: 'deaf', key: hashKey(KEYS.deaf), verbs: ['profiles'] },
  ];
  return [
    {
      ...{ id: 'shop', sources, keys, readKeys: [hashKey(KEYS.shop)], changes: { streams } },
      erasureKey: ERASURE_KEY,
    },
    { id: 'bank', sources, readKeys: [hashKey(KEYS.bank)] },
  ];
}

/** A change of a profile that has one e-mail address and one user id. */
export function changeOf(profileId: string, version: number, more: Partial<Change> = {}): Change {
  return {
    ...{ id: `${profileId}:${version}`, type: version === 1 ? 'created' : 'updated', workspace: 'shop', profileId },
    ...{
      version,
      previousVersion: version - 1,
      occurredAt: version,
      before: null,
      after: contentOf(profileId, version),
    },
    ...{ changed: ['traits.plan'], assigned: [], cause: { messageId: `m${version}`, source: 'web', rule: 'traits' } },
    ...{ mergedInto: null, mergedFrom: [], splitInto: [], released: [] },
    ...more,
  };
}

export function contentOf(profileId: string, version: number): ProfileContent {
  return {
    traits: JSON.stringify({ plan: `plan ${version}`, secret: `of ${profileId}` }),
    identifiers: [
      { type: 'user_id', value: profileId },
      { type: 'email', value: `${profileId}@x.example` },
    ],
    ...{ identifierCount: 2, consent: '{}', computed: '{}' },
  };
}
